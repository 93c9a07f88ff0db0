// While the place takes shape: a plan when the map has come, painted when the art has, and how much is left of each.

import { useEffect, useRef } from "react";
import type { Art } from "../../render/art";
import type { MapModel } from "../../render/map";
import { painted, plan } from "../../render/overview";
import { type Phase, type Step, useSpace } from "../../state/space";
import { Icon } from "../../ui/Icon";
import { spaceText as text } from "../text";

const STEPS: readonly Step[] = ["map", "art", "connect"];

export function Loading(props: {
	phase: Extract<Phase, { kind: "loading" }>;
	shape: { map: MapModel; art: Art | null } | null;
}) {
	const { shares } = props.phase;
	const name = useSpace((state) => state.space?.name ?? null);
	const percent = Math.round((STEPS.reduce((sum, step) => sum + shares[step], 0) / STEPS.length) * 100);
	return (
		<div className="cover">
			<Shape shape={props.shape} />
			<div className="loading">
				<h2>{text.loadingTitle(name)}</h2>
				<div className="bar-track" role="progressbar" aria-label={text.loadingTitle(name)} aria-valuenow={percent}>
					<div className="bar-fill" style={{ transform: `scaleX(${percent / 100})` }} />
				</div>
				<ul>
					{STEPS.map((step) => (
						<li key={step} data-done={shares[step] >= 1}>
							<span className="loading-mark">{shares[step] >= 1 && <Icon name="check" size={14} />}</span>
							{text.loading[step]}
							<span className="loading-share">
								{shares[step] < 1 && text.loadingShare(Math.round(shares[step] * 100))}
							</span>
						</li>
					))}
				</ul>
			</div>
		</div>
	);
}

function Shape({ shape }: { shape: { map: MapModel; art: Art | null } | null }) {
	const holder = useRef<HTMLDivElement>(null);
	useEffect(() => {
		if (!shape || !holder.current) return;
		const picture = shape.art ? painted(shape.map, shape.art, 0.25) : plan(shape.map);
		picture.className = shape.art ? "shape shape-painted" : "shape pixels";
		holder.current.append(picture);
	}, [shape]);
	return <div className="shapes" ref={holder} aria-hidden="true" />;
}
