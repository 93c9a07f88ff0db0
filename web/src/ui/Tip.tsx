// A button with a tooltip that names it and its key: every control over the map is one of these.

import type { ReactNode } from "react";
import { Button, type ButtonProps, Tooltip, TooltipTrigger } from "react-aria-components";
import { Icon, type IconName } from "./Icon";

export interface TipProps extends Omit<ButtonProps, "children"> {
	label: string;
	/** Where what is read should say more than the tooltip. */
	spoken?: string;
	keys?: string;
	icon?: IconName;
	children?: ReactNode;
}

export function Tip({ label, spoken, keys, icon, children, className, ...rest }: TipProps) {
	return (
		<TooltipTrigger delay={500} closeDelay={80}>
			<Button
				{...rest}
				className={`tool ${className ?? ""}`}
				aria-label={spoken ?? label}
				{...(keys && { "aria-keyshortcuts": keys })}
			>
				{icon && <Icon name={icon} />}
				{children}
			</Button>
			<Tooltip className="tip" offset={8}>
				{label}
				{keys && <kbd>{keys}</kbd>}
			</Tooltip>
		</TooltipTrigger>
	);
}
