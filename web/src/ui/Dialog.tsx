// A dialog in the middle of the screen, or a sheet from below on a phone. Focus stays in it until it is closed.

import { type ReactNode, useEffect } from "react";
import { Dialog as AriaDialog, Button, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Icon } from "./Icon";

export function Dialog(props: {
	title: string;
	close: string;
	onClose: () => void;
	children: ReactNode;
	wide?: boolean;
}) {
	const { onClose } = props;
	// Focus that was on something that is gone or disabled now is nobody's; the key for leaving still has to work.
	useEffect(() => {
		const key = (event: KeyboardEvent) => {
			if (event.key === "Escape" && document.activeElement === document.body) onClose();
		};
		document.addEventListener("keydown", key);
		return () => document.removeEventListener("keydown", key);
	}, [onClose]);
	return (
		<ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && props.onClose()} className="overlay">
			<Modal className={props.wide ? "modal modal-wide" : "modal"}>
				<AriaDialog className="dialog">
					<header className="panel-head">
						<Heading slot="title">{props.title}</Heading>
						<Button className="tool" aria-label={props.close} onPress={props.onClose}>
							<Icon name="close" />
						</Button>
					</header>
					{props.children}
				</AriaDialog>
			</Modal>
		</ModalOverlay>
	);
}
