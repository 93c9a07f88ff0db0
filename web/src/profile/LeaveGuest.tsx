// Nobody comes back as a guest: before one signs out, that is said, with the way to keep what one has.

import { Dialog } from "../ui/Dialog";
import { follow } from "../ui/router";
import { profileText } from "./text";

const text = profileText.leaveGuest;

export default function LeaveGuest({ onLeave, onClose }: { onLeave: () => void; onClose: () => void }) {
	return (
		<Dialog title={text.title} close={profileText.remove.close} onClose={onClose}>
			<div className="dialog-body">
				<p>{text.help}</p>
				<div className="row row-end">
					<button type="button" className="btn" onClick={onClose}>
						{text.stay}
					</button>
					<button type="button" className="btn btn-danger" onClick={onLeave}>
						{text.doIt}
					</button>
					<a className="btn btn-primary" href="/signin?next=/profile" onClick={follow}>
						{profileText.guestCreate}
					</a>
				</div>
			</div>
		</Dialog>
	);
}
