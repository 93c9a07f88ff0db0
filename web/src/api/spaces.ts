// Spaces and templates over the API, and where the maps of templates are found.

import { call } from "./http";
import type { Joined, Space, Template, User } from "./types";

const at = (id: string): string => `/api/spaces/${encodeURIComponent(id)}`;

export const listSpaces = async (): Promise<Space[]> => (await call<{ spaces: Space[] }>("GET", "/api/spaces")).spaces;
export const getSpace = (id: string): Promise<Space> => call("GET", at(id));
export const createSpace = (name: string, template: string): Promise<Space> =>
	call("POST", "/api/spaces", { name, template, access: "link" });
export const renameSpace = (id: string, name: string): Promise<Space> => call("PATCH", at(id), { name });
export const admitTo = (id: string, access: Space["access"]): Promise<Space> => call("PATCH", at(id), { access });
export const relaySpace = (id: string, relay_only: boolean): Promise<Space> => call("PATCH", at(id), { relay_only });
export const deleteSpace = (id: string): Promise<void> => call("DELETE", at(id));
export const leaveSpace = (id: string): Promise<void> => call("POST", `${at(id)}/leave`);
export const joinSpace = (id: string): Promise<Joined> => call("POST", `${at(id)}/join`);
/** Who belongs to a space, wherever they are. */
export const listMembers = async (id: string): Promise<User[]> => {
	const { members } = await call<{ members: { user: User }[] }>("GET", `${at(id)}/users`);
	return members.map(({ user }) => user);
};
export const listTemplates = async (): Promise<Template[]> =>
	(await call<{ templates: Template[] }>("GET", "/api/templates")).templates;

export const mapUrl = (id: string): string => `${at(id)}/map`;
export const socketUrl = (path: string): string => new URL(path, location.href.replace(/^http/, "ws")).href;
export const shareUrl = (id: string): string => `${location.origin}/s/${encodeURIComponent(id)}`;
