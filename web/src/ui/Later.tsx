// What is loaded when it is first needed, and what is said where it does not come: without a network, or because Earshot was
// renewed since the page was opened, and its parts have other names now.
//
// Absent on purpose: trying again in place. A browser remembers that a module did not come; only a new page asks anew.

import { Component, type ReactNode, Suspense } from "react";
import { appText as text } from "./text";

export class Boundary extends Component<{ instead: ReactNode; children: ReactNode }, { failed: boolean }> {
	override state = { failed: false };

	static getDerivedStateFromError() {
		return { failed: true };
	}

	override render() {
		return this.state.failed ? this.props.instead : this.props.children;
	}
}

/** A part of something that is there already. */
export function Later({ fallback, children }: { fallback?: ReactNode; children: ReactNode }) {
	const instead = (
		<p className="not-here-part note" role="alert">
			{text.broken}. {text.brokenHelp}
		</p>
	);
	return (
		<Boundary instead={instead}>
			<Suspense fallback={fallback}>{children}</Suspense>
		</Boundary>
	);
}

/** A dialog that is loaded when it opens. */
export function LaterDialog({ onClose, children }: { onClose: () => void; children: ReactNode }) {
	return (
		<Boundary instead={<NotHere onClose={onClose} />}>
			<Suspense>{children}</Suspense>
		</Boundary>
	);
}

/** In the browser's own words for a dialog: nothing more has to be loaded for it. */
function NotHere({ onClose }: { onClose: () => void }) {
	return (
		<dialog
			className="card not-here"
			aria-labelledby="not-here"
			ref={(it) => {
				if (it && !it.open) it.showModal();
			}}
			onClose={onClose}
			// The key that closes it must not close what it stands before, too.
			onKeyDown={(event) => event.stopPropagation()}
		>
			<h2 id="not-here">{text.broken}</h2>
			<p className="note">{text.brokenHelp}</p>
			<div className="row row-end">
				<button type="button" className="btn" onClick={onClose}>
					{text.close}
				</button>
				<button type="button" className="btn btn-primary" onClick={() => location.reload()}>
					{text.reload}
				</button>
			</div>
		</dialog>
	);
}
