// Just enough to build a page without a framework.

type Attributes = Record<string, string | boolean>;

export function el<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	attributes: Attributes = {},
	...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value === true) element.setAttribute(name, "");
		else if (value !== false) element.setAttribute(name, value);
	}
	element.append(...children);
	return element;
}
