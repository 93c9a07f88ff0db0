// What the server says one may do with a space; nothing is decided here.

import type { Space } from "../api/types";

const ACTIONS = { rename: "edit_space", delete: "delete_space", share: "share", moderate: "moderate" } as const;

export const may = (space: Space, action: keyof typeof ACTIONS): boolean => space.may.includes(ACTIONS[action]);
