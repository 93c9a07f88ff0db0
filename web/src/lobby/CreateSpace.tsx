// A new space: a name and a template, with what it will look like.

import { type FormEvent, useEffect, useRef, useState } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import { messageOf } from "../api/http";
import { createSpace, listTemplates } from "../api/spaces";
import type { Template } from "../api/types";
import { Dialog } from "../ui/Dialog";
import { NameField, useFaultFocus } from "../ui/Field";
import { nameFault, tidied } from "../ui/names";
import { navigate } from "../ui/router";
import { TemplatePreview } from "./TemplatePreview";
import { lobbyText as text } from "./text";

export function CreateSpace({ onClose }: { onClose: () => void }) {
	const [templates, setTemplates] = useState<Template[]>([]);
	const [template, setTemplate] = useState("");
	const [name, setName] = useState("");
	const [faults, setFaults] = useState<{ name?: string | undefined; form?: string | undefined }>({});
	const [busy, setBusy] = useState(false);
	const form = useRef<HTMLFormElement>(null);
	useFaultFocus(form, faults);

	useEffect(() => {
		listTemplates().then(
			(list) => {
				setTemplates(list);
				setTemplate((now) => now || (list[0]?.id ?? ""));
			},
			(reason: unknown) => setFaults({ form: messageOf(reason) }),
		);
	}, []);

	const create = (event: FormEvent) => {
		event.preventDefault();
		const fault = nameFault(name, text.nameMissing);
		setFaults({ name: fault });
		if (fault) return;
		setBusy(true);
		createSpace(tidied(name), template).then(
			(space) => navigate(`/s/${space.id}`),
			(reason: unknown) => {
				setBusy(false);
				setFaults({ form: messageOf(reason) });
			},
		);
	};
	return (
		<Dialog title={text.createTitle} close={text.close} onClose={onClose} wide>
			<form ref={form} className="dialog-body" onSubmit={create} noValidate>
				<NameField
					id="new-name"
					label={text.name}
					value={name}
					error={faults.name}
					first
					autoComplete="off"
					placeholder={text.namePlaceholder}
					onChange={setName}
				/>
				<RadioGroup className="field" value={template} onChange={setTemplate}>
					<Label className="field-label">{text.template}</Label>
					<div className="templates">
						{templates.map((each) => (
							<Radio key={each.id} value={each.id} className="template">
								<TemplatePreview template={each.id} />
								<span className="template-words">
									<span className="space-name">{each.name}</span>
									<span className="note">{each.description}</span>
								</span>
							</Radio>
						))}
					</div>
				</RadioGroup>
				<div className="row row-end dialog-foot">
					<p className="error" role="alert">
						{faults.form}
					</p>
					<button type="submit" className="btn btn-primary" disabled={busy || template === ""}>
						{busy ? text.creating : text.createDo}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
