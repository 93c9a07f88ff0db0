// Dressing without leaving the space: the profile's form over the map.

import { ProfileForm } from "../../profile/ProfileForm";
import { useSession } from "../../state/session";
import { spaceActions } from "../../state/space";
import "../../styles/pages.css";
import { Dialog } from "../../ui/Dialog";
import { spaceText as text } from "../text";

export default function AvatarDialog({ onClose }: { onClose: () => void }) {
	const user = useSession((state) => (state.session.kind === "known" ? state.session.me.user : null));
	if (!user) return null;
	const saved = () => {
		onClose();
		spaceActions.toast(text.avatarSaved);
	};
	return (
		<Dialog title={text.editAvatar} close={text.help.close} onClose={onClose} wide>
			<div className="dialog-body">
				<ProfileForm user={user} onSaved={saved} />
			</div>
		</Dialog>
	);
}
