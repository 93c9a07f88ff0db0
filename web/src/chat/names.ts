// What to call somebody by their id: as they are called here now, else as they were called last.

import { useSpace } from "../state/space";
import { useChat } from "./store";

export function nameOf(id: string): string | null {
	for (const person of useSpace.getState().people.values()) if (person.userId === id) return person.name;
	return useChat.getState().names.get(id) ?? null;
}
