// A template's map, painted small. Drawn once a template and page.

import { useEffect, useRef } from "react";
import { fetchBytes, loadArt } from "../render/art";
import { pen, type Surface } from "../render/canvas";
import { parseMap } from "../render/map";
import { paintedGently } from "../render/overview";
import { templateUrl } from "../render/templates";
import { afterPaint } from "../ui/afterPaint";

const SCALE = 0.25;
const pictures = new Map<string, Promise<Surface>>();

async function paint(template: string): Promise<Surface> {
	const url = templateUrl(template);
	if (!url) throw new Error(`no such template: ${template}`);
	await afterPaint();
	const [art, json] = await Promise.all([loadArt(), fetchBytes(url)]);
	return paintedGently(parseMap(new TextDecoder().decode(json)), art, SCALE);
}

function picture(template: string): Promise<Surface> {
	const known = pictures.get(template) ?? paint(template);
	pictures.set(template, known);
	known.catch(() => pictures.delete(template));
	return known;
}

export function TemplatePreview({ template }: { template: string }) {
	const canvas = useRef<HTMLCanvasElement>(null);
	useEffect(() => {
		picture(template).then(
			(drawn) => {
				const target = canvas.current;
				if (!target) return;
				target.width = drawn.width;
				target.height = drawn.height;
				pen(target).drawImage(drawn, 0, 0);
				target.dataset["drawn"] = "";
			},
			() => {
				// The card says everything in words; the picture is a bonus.
			},
		);
	}, [template]);
	return <canvas ref={canvas} className="preview" />;
}
