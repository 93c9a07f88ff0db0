// The keys, on one page.

import { Dialog } from "../../ui/Dialog";
import { spaceText } from "../text";

const text = spaceText.help;

export default function HelpDialog({ onClose }: { onClose: () => void }) {
	return (
		<Dialog title={text.title} close={text.close} onClose={onClose}>
			<dl className="shortcuts dialog-body">
				{text.rows.map(([keys, what]) => (
					<div key={what}>
						<dt>{what}</dt>
						<dd>
							{keys.map((key) => (
								<kbd key={key}>{key}</kbd>
							))}
						</dd>
					</div>
				))}
			</dl>
		</Dialog>
	);
}
