// Which message has its tools before somebody: under the mouse, with the focus, or held by a finger. One at a time, so that thousands
// of messages need no thousands of tools.

import { create } from "zustand";

interface Active {
	key: string | null;
	/** Its menu is open: it stays, wherever the mouse goes. */
	menu: boolean;
	/** A picker or menu of it is open. */
	held: boolean;
}

export const useActive = create<Active>(() => ({ key: null, menu: false, held: false }));

export function activate(key: string | null): void {
	const now = useActive.getState();
	if (!now.held && now.key !== key) useActive.setState({ key, menu: false });
}

export const openMenu = (key: string): void => useActive.setState({ key, menu: true, held: true });
export const hold = (held: boolean): void => useActive.setState(held ? { held } : { held, menu: false });
