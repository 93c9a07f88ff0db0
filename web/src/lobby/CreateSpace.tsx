// A new space: a name and a template, with what it will look like.

import { type FormEvent, useEffect, useState } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import { messageOf } from "../api/http";
import { createSpace, listTemplates } from "../api/spaces";
import type { Template } from "../api/types";
import { Dialog } from "../ui/Dialog";
import { navigate } from "../ui/router";
import { TemplatePreview } from "./TemplatePreview";
import { lobbyText as text } from "./text";

export function CreateSpace({ onClose }: { onClose: () => void }) {
	const [templates, setTemplates] = useState<Template[]>([]);
	const [template, setTemplate] = useState("");
	const [name, setName] = useState("");
	const [error, setError] = useState("");
	const [busy, setBusy] = useState(false);

	useEffect(() => {
		listTemplates().then(
			(list) => {
				setTemplates(list);
				setTemplate((now) => now || (list[0]?.id ?? ""));
			},
			(reason: unknown) => setError(messageOf(reason)),
		);
	}, []);

	const create = (event: FormEvent) => {
		event.preventDefault();
		if (name.trim() === "") return setError(text.nameMissing);
		setBusy(true);
		createSpace(name.trim(), template).then(
			(space) => navigate(`/s/${space.id}`),
			(reason: unknown) => {
				setBusy(false);
				setError(messageOf(reason));
			},
		);
	};
	return (
		<Dialog title={text.createTitle} close={text.close} onClose={onClose} wide>
			<form className="dialog-body" onSubmit={create} noValidate>
				<div className="field">
					<label htmlFor="new-name">{text.name}</label>
					<input
						id="new-name"
						className="input"
						value={name}
						maxLength={64}
						placeholder={text.namePlaceholder}
						onChange={(event) => setName(event.target.value)}
					/>
				</div>
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
				<p className="error" role="alert">
					{error}
				</p>
				<div className="row row-end dialog-foot">
					<button type="submit" className="btn btn-primary" disabled={busy || template === ""}>
						{busy ? text.creating : text.createDo}
					</button>
				</div>
			</form>
		</Dialog>
	);
}
