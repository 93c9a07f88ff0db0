// Choosing one device of a kind: the browser's own list, which phones and screen readers know best.

import { useId } from "react";
import type { DeviceChoice } from "../state/media";

interface Props {
	label: string;
	/** The label is read but not shown. */
	quiet?: boolean;
	devices: readonly DeviceChoice[];
	chosen: string | null;
	standard: string;
	onChoose: (id: string | null) => void;
}

export function DeviceSelect({ label, quiet, devices, chosen, standard, onChoose }: Props) {
	const id = useId();
	const there = devices.some((device) => device.id === chosen);
	return (
		<div className="field">
			<label htmlFor={id} className={quiet ? "sr-only" : ""}>
				{label}
			</label>
			<select
				id={id}
				className="input select"
				value={there && chosen !== null ? chosen : ""}
				onChange={(event) => onChoose(event.target.value === "" ? null : event.target.value)}
			>
				<option value="">{standard}</option>
				{devices.map((device) => (
					<option key={device.id} value={device.id}>
						{device.label}
					</option>
				))}
			</select>
		</div>
	);
}
