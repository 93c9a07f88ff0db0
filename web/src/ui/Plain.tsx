// Pages that say one thing.

import { appText as text } from "./text";

/** Shown for moments only; a word appears if the moment grows long. */
export function Waiting() {
	return (
		<div className="waiting" role="status">
			<span>{text.waiting}</span>
		</div>
	);
}

/** Where the page can't go on. */
export function Broken() {
	return (
		<main className="page-center">
			<div className="card" role="alert">
				<h1>{text.broken}</h1>
				<p className="note">{text.brokenHelp}</p>
				<button type="button" className="btn btn-primary" onClick={() => location.reload()}>
					{text.reload}
				</button>
			</div>
		</main>
	);
}

export function NotFound() {
	return (
		<main className="page-center">
			<div className="card">
				<h1>{text.notFound}</h1>
				<p className="note">{text.notFoundHelp}</p>
				<a className="btn btn-primary" href="/">
					{text.home}
				</a>
			</div>
		</main>
	);
}
