// Pushes: asking the browser for an address to push to, and telling the server. Nothing here asks by itself; somebody presses
// a switch.

import { deletePush, pushKey, putPush } from "../api/notices";

export type Permission = "unsupported" | "default" | "granted" | "denied";

export const noticesSupported = (): boolean => typeof Notification === "function";
export const pushSupported = (): boolean =>
	"serviceWorker" in navigator && typeof PushManager === "function" && noticesSupported();

export const permission = (): Permission => (noticesSupported() ? Notification.permission : "unsupported");

const SCRIPT = "/push.js";

const toBytes = (text: string): Uint8Array<ArrayBuffer> => {
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};

const toText = (bytes: ArrayBuffer | null): string =>
	btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer())))
		.replaceAll("+", "-")
		.replaceAll("/", "_")
		.replaceAll("=", "");

export async function registration(): Promise<ServiceWorkerRegistration | null> {
	if (!pushSupported()) return null;
	return (await navigator.serviceWorker.getRegistration("/")) ?? null;
}

export type PushState = "on" | "off" | "unavailable" | "failed";

/** Subscribes this browser. Where the server has no key, notes come only while a page is open. */
export async function subscribe(): Promise<PushState> {
	if (!pushSupported()) return "unavailable";
	try {
		// Also without a key: some phones show notes only through it.
		const worker = await navigator.serviceWorker.register(SCRIPT, { scope: "/" });
		const key = await pushKey();
		if (key === null) return "unavailable";
		await navigator.serviceWorker.ready;
		const to =
			(await worker.pushManager.getSubscription()) ??
			(await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: toBytes(key) }));
		await putPush({ endpoint: to.endpoint, p256dh: toText(to.getKey("p256dh")), auth: toText(to.getKey("auth")) });
		return "on";
	} catch {
		return "failed";
	}
}

export async function unsubscribe(): Promise<void> {
	const to = await (await registration())?.pushManager.getSubscription();
	if (!to) return;
	// The server forgets an address that no longer answers by itself.
	await deletePush(to.endpoint).catch(() => {});
	await to.unsubscribe().catch(() => false);
}
