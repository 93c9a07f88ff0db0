// What one person does about another: block, ring, report; and what moderators do.

import { call } from "./http";
import type { Ban, Blocked, Report, ReportReason } from "./types";

const at = (space: string): string => `/api/spaces/${encodeURIComponent(space)}`;
const id = encodeURIComponent;

export const listBlocked = async (): Promise<Blocked[]> =>
	(await call<{ blocked: Blocked[] }>("GET", "/api/blocks")).blocked;
export const block = (user: string): Promise<void> => call("PUT", `/api/blocks/${id(user)}`);
export const unblock = (user: string): Promise<void> => call("DELETE", `/api/blocks/${id(user)}`);

export const ring = (space: string, user: string): Promise<void> => call("POST", `${at(space)}/rings/${id(user)}`);

export interface NewReport {
	user_id: string;
	message_id?: number;
	reason: ReportReason;
	text?: string;
}
export const report = (space: string, what: NewReport): Promise<void> => call("POST", `${at(space)}/reports`, what);
export const listReports = async (space: string): Promise<Report[]> =>
	(await call<{ reports: Report[] }>("GET", `${at(space)}/reports`)).reports;
export const closeReport = (space: string, report: number | string): Promise<void> =>
	call("DELETE", `${at(space)}/reports/${id(String(report))}`);

export const listBans = async (space: string): Promise<Ban[]> =>
	(await call<{ bans: Ban[] }>("GET", `${at(space)}/bans`)).bans;
export const ban = (space: string, user: string): Promise<void> => call("PUT", `${at(space)}/bans/${id(user)}`);
export const liftBan = (space: string, user: string): Promise<void> => call("DELETE", `${at(space)}/bans/${id(user)}`);

export const removeMember = (space: string, user: string): Promise<void> =>
	call("DELETE", `${at(space)}/members/${id(user)}`);
export const deleteMessage = (space: string, message: number): Promise<void> =>
	call("DELETE", `${at(space)}/messages/${message}`);
