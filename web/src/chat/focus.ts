// Brings the focus into the field. A menu that closes at the same moment gives it back to its own button first: so it is brought
// there once more.

const MENU_GONE_MS = 80;

const focus = (): void => document.querySelector<HTMLElement>(".chat-field")?.focus();

export function focusField(): void {
	focus();
	const tools = document.activeElement;
	window.setTimeout(() => {
		const now = document.activeElement;
		if (now === tools || now === document.body || now?.closest(".chat-tools, .chat-menu")) focus();
	}, MENU_GONE_MS);
}
