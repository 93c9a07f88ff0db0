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
