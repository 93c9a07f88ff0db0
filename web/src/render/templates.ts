// The four templates' maps, for previews and the landing page: emitted with the page itself, so that looking at one
// needs no permission and no space to exist.

const urls = import.meta.glob<string>("../../../worker/templates/*.tmj", {
	query: "?url",
	import: "default",
	eager: true,
});

export function templateUrl(id: string): string | null {
	const found = Object.entries(urls).find(([path]) => path.endsWith(`/${id}.tmj`));
	return found?.[1] ?? null;
}
