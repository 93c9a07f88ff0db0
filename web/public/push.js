// Shows what is pushed while no page of ours is looked at, and opens the page that it is about. It caches nothing and answers
// no fetches: the place itself is always fetched anew.

const pages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Only a path of our own: a push is words from elsewhere. */
const pathOf = (url) => {
	try {
		const there = new URL(String(url ?? "/"), self.location.origin);
		return there.origin === self.location.origin ? there.pathname + there.search : "/";
	} catch {
		return "/";
	}
};

const show = async (data) => {
	let told = {};
	try {
		told = data ? data.json() : {};
	} catch {
		// Not ours, or damaged; the browser still wants something shown.
	}
	if ((await pages()).some((page) => page.visibilityState === "visible")) return;
	await self.registration.showNotification(String(told.title ?? "Earshot"), {
		body: String(told.body ?? ""),
		tag: String(told.tag ?? "earshot"),
		icon: "/icon.svg",
		data: { url: pathOf(told.url) },
	});
};

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

const open = async (path) => {
	const all = await pages();
	const there = all.find((page) => new URL(page.url).pathname === path.split("?")[0]);
	if (there) {
		there.postMessage({ kind: "open", search: new URL(path, self.location.origin).search });
		await there.focus();
		return;
	}
	await self.clients.openWindow(path);
};

self.addEventListener("notificationclick", (event) => {
	event.notification.close();
	event.waitUntil(open(pathOf(event.notification.data?.url)));
});
