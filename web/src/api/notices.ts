// What one wants to be told of while one looks elsewhere, and where pushes go.

import { call } from "./http";
import type { NoticeWishes } from "./types";

export const getWishes = (): Promise<NoticeWishes> => call("GET", "/api/notices");
export const putWishes = (wishes: NoticeWishes): Promise<void> => call("PUT", "/api/notices", wishes);

/** Null where pushing is not set up. */
export const pushKey = async (): Promise<string | null> =>
	(await call<{ key: string | null }>("GET", "/api/push/key")).key;
export const putPush = (to: { endpoint: string; p256dh: string; auth: string }): Promise<void> =>
	call("PUT", "/api/push", to);
export const deletePush = (endpoint: string): Promise<void> => call("DELETE", "/api/push", { endpoint });
