// A status as a shape in a colour; the word stands beside it or is read instead.

import type { Status } from "../api/types";

export function StatusMark({ status }: { status: Status }) {
	return (
		<svg className={`mark mark-${status}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
			{status === "available" && <circle cx="6" cy="6" r="4.5" />}
			{status === "busy" && <rect x="1.8" y="1.8" width="8.4" height="8.4" rx="2" />}
			{status === "dnd" && <path fillRule="evenodd" d="M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1ZM3.2 5v2h5.6V5Z" />}
			{status === "away" && <path d="M8.2 10.2A4.8 4.8 0 1 1 6.6 1.3 3.8 3.8 0 0 0 10.6 7.6a4.8 4.8 0 0 1-2.4 2.6Z" />}
		</svg>
	);
}
