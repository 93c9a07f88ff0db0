// A field of a form: its name, what is wrong with it or what helps, and for passwords a way to look at what one typed.

import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { tooLong } from "./names";
import { appText as text } from "./text";

interface Props {
	id: string;
	label: string;
	value: string;
	error?: string | undefined;
	help?: string | undefined;
	type?: string;
	autoComplete: string;
	placeholder?: string;
	/** It comes where somebody has just pressed, to be written in. */
	first?: boolean;
	onChange: (value: string) => void;
	children?: ReactNode;
}

export function Field(props: Props) {
	const { id, label, value, error, help } = props;
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<span className="input-holder">
				<input
					id={id}
					className="input"
					type={props.type ?? "text"}
					value={value}
					autoComplete={props.autoComplete}
					placeholder={props.placeholder}
					// biome-ignore lint/a11y/noAutofocus: only where whoever opened it wants to go.
					autoFocus={props.first}
					aria-invalid={error !== undefined}
					aria-describedby={`${id}-note`}
					onChange={(event) => props.onChange(event.target.value)}
				/>
				{props.children}
			</span>
			<p id={`${id}-note`} className={error ? "error" : "note"} aria-live="polite">
				{error ?? help}
			</p>
		</div>
	);
}

/** Of a person or a space: says at once where it grows too long. */
export function NameField(props: Props) {
	return <Field {...props} error={tooLong(props.value) ?? props.error} />;
}

/** Whoever does not see what was refused is taken there, and hears why. */
export function useFaultFocus(form: RefObject<HTMLFormElement | null>, faults: unknown): void {
	// biome-ignore lint/correctness/useExhaustiveDependencies: each refusal counts, also a second one of the same.
	useEffect(() => {
		form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
	}, [faults]);
}

export function PasswordField(props: Omit<Props, "type" | "children">) {
	const [shown, setShown] = useState(false);
	return (
		<Field {...props} type={shown ? "text" : "password"}>
			<button
				type="button"
				className="btn btn-plain btn-small reveal"
				aria-pressed={shown}
				onClick={() => setShown(!shown)}
			>
				{shown ? text.hide : text.show}
				<span className="sr-only"> {props.label}</span>
			</button>
		</Field>
	);
}
