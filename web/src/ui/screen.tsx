// Screens that are loaded when needed, yet shown at once when they are there already: React's own lazy components always
// show their fallback first, and then hold it for a third of a second.

import { type ComponentType, lazy, useState } from "react";

export interface Screen<Props extends object> {
	(props: Props): React.ReactNode;
	load(): Promise<void>;
}

export function screen<Props extends object>(load: () => Promise<ComponentType<Props>>): Screen<Props> {
	let ready: ComponentType<Props> | null = null;
	const fetched = async () => {
		ready = await load();
		return { default: ready };
	};
	const Later = lazy(fetched) as unknown as ComponentType<Props>;
	function Shown(props: Props) {
		// Chosen once a mount: changing over later would throw the screen's state away.
		const [Component] = useState<ComponentType<Props>>(() => ready ?? Later);
		return <Component {...props} />;
	}
	return Object.assign(Shown, { load: async () => void (await fetched()) });
}
