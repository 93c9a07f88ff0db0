// What is written and shown in a space, as the core and the API tell it. Types only.

/** `area/7` is a private area's own, `c/3` one that admins made. */
export type Channel = "everyone" | "nearby" | `area/${number}` | `c/${number}`;

export interface Reaction {
	emoji: string;
	/** The first fifty. */
	userIds: string[];
	count: number;
}

/** Something that was said. With the author, the reference tells it; it may come more than once. */
export interface ChatMessage {
	/** Rising within a space; 0 for one that is not kept. */
	id: number;
	/** Milliseconds since 1970. */
	at: number;
	channel: Channel;
	authorId: string;
	authorName: string;
	/** Empty once it is deleted. */
	text: string;
	/** The id of the message it answers, or 0. */
	replyTo: number;
	reference: string;
	/** 0: never. */
	editedAt: number;
	deleted: boolean;
	reactions: Reaction[];
	/** Thought, not said. */
	thought: boolean;
}

/** As the space tells it. */
export interface ToldMessage extends ChatMessage {
	/** Somebody says it now. All else was said before one came, or while one was away. */
	live: boolean;
}

/** What became of a message. Applied again it changes nothing; ids are counted with the messages' own. */
export interface MessageChange {
	id: number;
	at: number;
	channel: Channel;
	actorId: string;
	messageId: number;
	kind: "edited" | "deleted" | "reacted" | "unreacted";
	/** For `edited`. */
	text: string;
	/** For `reacted` and `unreacted`. */
	emoji: string;
}

export interface NamedChannel {
	number: number;
	channel: Channel;
	name: string;
	topic: string;
	/** Only admins write in it. */
	announcements: boolean;
}

export type Emote = "wave" | "dance" | "sit" | "jump" | "raise_hand" | "clap" | "heart" | "confetti";

export type NudgeKind = "come_here" | "may_i_join";

/** A message between two people, as the API has it. */
export interface DirectMessage {
	id: number;
	author_id: string;
	author_name: string;
	text: string;
	reply_to: number | null;
	reference: string;
	said_at: number;
	edited_at: number | null;
	deleted: boolean;
	reactions: { emoji: string; user_ids: string[]; count: number }[];
}

/** Something for this person from outside of the space. */
export type Mail =
	| { kind: "direct"; peer_id: string; peer_name: string; message: DirectMessage }
	| { kind: "direct_changed"; peer_id: string; message: DirectMessage }
	| { kind: "direct_read"; peer_id: string; up_to: number }
	| { kind: "ring"; from_id: string; from_name: string; space_id: string; space_name: string }
	| { kind: "report"; space_id: string }
	| { kind: "blocks"; blocked: string[] };
