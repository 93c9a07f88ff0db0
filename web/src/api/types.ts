// The REST API's shapes, as the client uses them.

import type { Look } from "../avatar/look";

export type Role = "owner" | "admin" | "member" | "guest";
export type Status = "available" | "busy" | "dnd" | "away";

export interface User {
	id: string;
	name: string;
	guest: boolean;
	look: Look | null;
	created_at: number;
}

export interface Me {
	user: User;
	email: string | null;
	passkeys: number;
}

/** One of one's own. */
export interface Passkey {
	id: string;
	created_at: number;
	/** Null: it was made, and nobody has signed in with it. */
	used_at: number | null;
}

export interface SignedIn {
	user: User;
	access_token: string;
	expires_in: number;
}

export interface Space {
	id: string;
	name: string;
	description: string;
	template: string;
	access: "link" | "members";
	listed: boolean;
	role: Role | null;
	may: string[];
	online: number;
	created_at: number;
	/** Sound and picture never go directly from one to another. */
	relay_only: boolean;
	/** Seconds between two messages of the same person; 0: none. */
	slow_mode_s: number;
	/** 0: for ever. */
	retention_days: number;
	/** Only told to those who look after the space. */
	words?: string[];
}

/** A named channel, made by admins. */
export interface NamedChannel {
	number: number;
	name: string;
	topic: string;
	announcements: boolean;
}

export interface Blocked {
	user_id: string;
	name: string;
	at: number;
}

export interface Ban {
	user_id: string;
	name: string;
	banned_at: number;
	/** Null: whoever it was is gone. */
	by_name: string | null;
}

export type ReportReason = "spam" | "harassment" | "other";

export interface Report {
	id: number | string;
	at: number;
	reporter_id: string;
	reporter_name: string;
	user_id: string;
	user_name: string;
	message: { id: number; channel: string; text: string; said_at: number; deleted: boolean } | null;
	reason: ReportReason;
	text: string;
}

export interface NoticeWishes {
	mentions: boolean;
	directs: boolean;
	knocks: boolean;
	nudges: boolean;
	/** Minutes since midnight where one is. */
	quiet: { from_min: number; to_min: number } | null;
	utc_offset_min: number;
}

export interface Template {
	id: string;
	name: string;
	description: string;
	width: number;
	height: number;
}

export interface Joined {
	space: Space;
	role: Role;
	ws: string;
}
