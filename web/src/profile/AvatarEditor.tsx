// Dressing: every part, swatches and any colour, with a preview that walks and turns, shuffle and undo.

import { useCallback, useEffect, useRef, useState } from "react";
import { COUNTS, type Look, randomLook } from "../avatar/look";
import type { Preview } from "../avatar/preview";
import { loadSheet } from "../render/art";
import type { SheetInfo } from "../render/sheet";
import { Icon } from "../ui/Icon";
import { AvatarStage } from "./AvatarStage";
import { PartPicture } from "./PartPicture";
import { SLOTS, type Slot, type SlotInfo } from "./slots";
import { profileText as text } from "./text";

export interface EditorProps {
	look: Look;
	canUndo: boolean;
	onChange: (look: Look) => void;
	onUndo: () => void;
}

export function AvatarEditor({ look, canUndo, onChange, onUndo }: EditorProps) {
	const [info, setInfo] = useState<SheetInfo | "failed" | null>(null);
	const [slot, setSlot] = useState<Slot>("hair");
	const [walking, setWalking] = useState(true);
	const preview = useRef<Preview | null>(null);
	const ready = useCallback((made: Preview) => {
		preview.current = made;
	}, []);
	const current = SLOTS.find((each) => each.slot === slot) as SlotInfo;

	useEffect(() => {
		loadSheet().then(
			(sheet) => setInfo(sheet.info),
			() => setInfo("failed"),
		);
	}, []);

	const turn = () => {
		setWalking(false);
		// After the preview has taken notice that it stands.
		window.setTimeout(() => preview.current?.turn(1));
	};
	return (
		<div className="editor">
			<AvatarStage look={look} walking={walking} onReady={ready}>
				<button type="button" className="btn btn-small" onClick={() => setWalking(!walking)}>
					{walking ? text.stand : text.walk}
				</button>
				<button type="button" className="btn btn-small" onClick={turn}>
					<Icon name="turn" size={18} />
					{text.turn}
				</button>
				<button type="button" className="btn btn-small" onClick={() => onChange(randomLook())}>
					<Icon name="shuffle" size={18} />
					{text.shuffle}
				</button>
				<button type="button" className="btn btn-small" disabled={!canUndo} onClick={onUndo}>
					<Icon name="undo" size={18} />
					{text.undo}
				</button>
			</AvatarStage>
			<div className="wardrobe">
				<fieldset className="slots" aria-label={text.avatar}>
					{SLOTS.map((each) => (
						<button
							key={each.slot}
							type="button"
							className="slot"
							aria-pressed={slot === each.slot}
							onClick={() => setSlot(each.slot)}
						>
							{text.slots[each.slot]}
						</button>
					))}
				</fieldset>
				{info === "failed" && <p className="error">{text.failed}</p>}
				{info === null && <p className="note">{text.loading}</p>}
				{info !== null && info !== "failed" && (
					<Choices key={slot} slot={current} info={info} look={look} onChange={onChange} />
				)}
			</div>
		</div>
	);
}

function Choices({
	slot,
	info,
	look,
	onChange,
}: {
	slot: SlotInfo;
	info: SheetInfo;
	look: Look;
	onChange: (look: Look) => void;
}) {
	const { variant, color } = slot;
	const swatches = color ? (info.swatches[slot.slot] ?? []) : [];
	return (
		<div className="choices">
			{variant === "skin" && (
				<fieldset className="swatches" aria-label={text.slots.skin}>
					{info.skins.map((tones, i) => (
						<button
							key={tones.join()}
							type="button"
							className="swatch"
							style={{ background: tones[3] }}
							aria-pressed={look.skin === i}
							aria-label={info.skinNames[i] ?? `${text.slots.skin} ${i + 1}`}
							title={info.skinNames[i]}
							onClick={() => onChange({ ...look, skin: i })}
						/>
					))}
				</fieldset>
			)}
			{variant && variant !== "skin" && (
				<fieldset className="parts" aria-label={text.style}>
					{Array.from({ length: COUNTS[variant] }, (_, i) => {
						const name = partName(info, slot.slot, i);
						return (
							<button
								// biome-ignore lint/suspicious/noArrayIndexKey: a variant is its number.
								key={i}
								type="button"
								className="part"
								aria-pressed={look[variant] === i}
								aria-label={name}
								title={name}
								onClick={() => onChange({ ...look, [variant]: i })}
							>
								<PartPicture
									look={{ ...look, ...(variant === "hair" && { accessory: 0 }), [variant]: i }}
									slot={slot.slot}
								/>
							</button>
						);
					})}
				</fieldset>
			)}
			{color && (
				<fieldset className="swatches" aria-label={text.color}>
					{swatches.map((hex) => (
						<button
							key={hex}
							type="button"
							className="swatch"
							style={{ background: hex }}
							aria-pressed={look[color].toLowerCase() === hex.toLowerCase()}
							aria-label={text.swatch(text.slots[slot.slot], hex)}
							onClick={() => onChange({ ...look, [color]: hex })}
						/>
					))}
					<label className="swatch swatch-own" title={text.own}>
						<span className="sr-only">{text.own}</span>
						<Icon name="plus" size={16} />
						<input
							type="color"
							value={look[color]}
							onChange={(event) => onChange({ ...look, [color]: event.target.value })}
						/>
					</label>
				</fieldset>
			)}
		</div>
	);
}

function partName(info: SheetInfo, slot: Slot, variant: number): string {
	if (slot === "accessory" && variant === 0) return text.none;
	const part = info.parts.find((each) => each.slot === slot && each.variant === variant);
	return part?.name ?? `${text.slots[slot]} ${variant + 1}`;
}
