// When one cannot be in the space: what happened, and what to do.

import { Button } from "react-aria-components";
import type { Phase } from "../../state/space";
import { follow } from "../../ui/router";
import { spaceText as text } from "../text";

export function Failed(props: { phase: Extract<Phase, { kind: "failed" }>; onRetry: () => void }) {
	const { title, message, retry } = props.phase;
	return (
		<div className="cover cover-failed">
			<div className="card" role="alert">
				<h2>{title}</h2>
				<p className="note">{message}</p>
				<div className="row">
					{retry && (
						<Button
							className="btn btn-primary"
							onPress={() => (retry === "reload" ? location.reload() : props.onRetry())}
						>
							{retry === "back" ? text.comeBack : text.tryAgain}
						</Button>
					)}
					<a className={retry ? "btn" : "btn btn-primary"} href="/spaces" onClick={follow}>
						{text.toSpaces}
					</a>
				</div>
			</div>
		</div>
	);
}
