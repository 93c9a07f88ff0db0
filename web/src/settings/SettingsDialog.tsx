// Settings: how it sounds, what one is told of, whom one has blocked, how it looks and moves.

import { useId, useRef, useState } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import { useSession } from "../state/session";
import { changeSettings, useSettings } from "../state/settings";
import "../styles/settings.css";
import { Dialog } from "../ui/Dialog";
import { BlockedPeople } from "./BlockedPeople";
import { Notifications } from "./Notifications";
import type { Settings } from "./settings";
import { Talking } from "./Talking";
import { Toggle } from "./Toggle";
import { settingsText as text } from "./text";

type Page = keyof typeof text.pages;

export default function SettingsDialog({ onClose, onCheck }: { onClose: () => void; onCheck?: () => void }) {
	const [page, setPage] = useState<Page>("talking");
	const known = useSession((state) => state.session.kind === "known");
	const pages: readonly Page[] = known ? ["talking", "notices", "people", "look"] : ["talking", "look"];
	const id = useId();
	return (
		<Dialog title={text.title} close={text.close} onClose={onClose}>
			<div className="settings">
				<PageTabs id={id} pages={pages} page={page} onPage={setPage} />
				<div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${page}`} className="dialog-body settings-body">
					{page === "talking" && <Talking {...(onCheck && { onCheck })} />}
					{page === "notices" && <Notifications />}
					{page === "people" && <BlockedPeople />}
					{page === "look" && <Look />}
				</div>
			</div>
		</Dialog>
	);
}

interface TabsProps {
	id: string;
	pages: readonly Page[];
	page: Page;
	onPage: (page: Page) => void;
}

/** Four tabs that arrows go through; a library's would be larger than all that is on their pages. */
function PageTabs({ id, pages, page, onPage }: TabsProps) {
	const list = useRef<HTMLDivElement>(null);
	const keys = (event: React.KeyboardEvent) => {
		const at = pages.indexOf(page);
		const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: pages.length - 1 }[event.key];
		if (to === undefined) return;
		event.preventDefault();
		const next = (to + pages.length) % pages.length;
		onPage(pages[next] ?? page);
		list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
	};
	return (
		<div ref={list} role="tablist" aria-label={text.title} className="settings-pages" onKeyDown={keys}>
			{pages.map((each) => (
				<button
					key={each}
					type="button"
					role="tab"
					id={`${id}-${each}`}
					aria-selected={each === page}
					aria-controls={`${id}-panel`}
					tabIndex={each === page ? 0 : -1}
					className="settings-page"
					onClick={() => onPage(each)}
				>
					{text.pages[each]}
				</button>
			))}
		</div>
	);
}

function Look() {
	const settings = useSettings();
	return (
		<>
			<h3 className="settings-head">{text.look}</h3>
			<RadioGroup
				value={settings.theme}
				onChange={(theme) => changeSettings({ theme: theme as Settings["theme"] })}
				className="field"
			>
				<Label className="field-label">{text.theme}</Label>
				<div className="segments">
					{(["system", "light", "dark"] as const).map((theme) => (
						<Radio key={theme} value={theme} className="segment">
							{text.themes[theme]}
						</Radio>
					))}
				</div>
			</RadioGroup>
			<Toggle
				label={text.contrast}
				help={text.contrastHelp}
				on={settings.contrast === "high"}
				onChange={(on) => changeSettings({ contrast: on ? "high" : "normal" })}
			/>
			<Toggle
				label={text.motion}
				help={text.motionHelp}
				on={settings.motion === "reduced"}
				onChange={(on) => changeSettings({ motion: on ? "reduced" : "system" })}
			/>
			<Toggle
				label={text.daylight}
				help={text.daylightHelp}
				on={settings.daylight}
				onChange={(daylight) => changeSettings({ daylight })}
			/>
			<Toggle
				label={text.letterKeys}
				help={text.letterKeysHelp}
				on={settings.letterKeys}
				onChange={(letterKeys) => changeSettings({ letterKeys })}
			/>
		</>
	);
}
