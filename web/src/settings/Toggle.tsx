// A switch with its name and what it does.

import { Switch } from "react-aria-components";

export function Toggle(props: {
	label: string;
	help?: string;
	on: boolean;
	disabled?: boolean;
	onChange: (on: boolean) => void;
}) {
	return (
		<Switch className="toggle" isSelected={props.on} isDisabled={props.disabled ?? false} onChange={props.onChange}>
			<span className="toggle-words">
				<span className="toggle-label">{props.label}</span>
				{props.help && <span className="note">{props.help}</span>}
			</span>
			<span className="toggle-track">
				<span className="toggle-knob" />
			</span>
		</Switch>
	);
}
