// A corpus of what people have tried on chats: nothing of it runs, leads elsewhere than it says, or reaches another host.

import assert from "node:assert/strict";
import { lines, opensChat } from "./chat.mjs";
import { stories, until } from "./harness.mjs";

const TAKEN = "document.title='taken'";
const CORPUS = [
	`<script>${TAKEN}</script>`,
	`<img src=x onerror="${TAKEN}">`,
	`<svg onload="${TAKEN}"><animate onbegin="${TAKEN}" attributeName=x></svg>`,
	`<iframe srcdoc="<script>parent.${TAKEN}</script>"></iframe>`,
	"<style>*{background:url(https://elsewhere.example/style)}</style>",
	'<link rel=stylesheet href="https://elsewhere.example/link">',
	'<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">',
	'<form action="https://elsewhere.example/"><button autofocus>x</button></form>',
	`<a href="javascript:${TAKEN}">press</a>`,
	`<div\nonclick="${TAKEN}">\n**x**\n</div>`,
	`"><script>${TAKEN}</script><!-- -->`,
	`]]><script>${TAKEN}</script>`,
	"{{constructor.constructor('document.title=1')()}} #{document.title} <%= 1 %>",
	`[press](javascript:${TAKEN})`,
	`[press](JaVaScRiPt:${TAKEN})`,
	`[press](java&#115;cript:${TAKEN})`,
	`[press](&#x6A;avascript:${TAKEN})`,
	`[press](java\tscript:${TAKEN})`,
	`[press](<javascript:${TAKEN}>)`,
	"[press](data:text/html;base64,PHNjcmlwdD4xPC9zY3JpcHQ+)",
	"[press](vbscript:msgbox) [press](file:///etc/passwd) [press](blob:https://example.org/1) [press](//elsewhere.example)",
	`<javascript:${TAKEN}> <data:text/html,x>`,
	"![spy](https://elsewhere.example/pixel.png)",
	"![](data:image/svg+xml,<svg/onload=alert(1)>)",
	`![x](https://elsewhere.example/"onerror="${TAKEN})`,
	`[x](https://elsewhere.example "title\\" onmouseover=${TAKEN}")`,
	`[ref]: javascript:${TAKEN}\n\n[ref]`,
	"https://bank.example@elsewhere.example/ https://bank.example%40elsewhere.example/",
	"https://\u0430pple.com/ https://xn--pple-43d.com/ https://ex\u00E4mple.org",
	"https://bank.example\u3002elsewhere.example/ https://bank.example\\@elsewhere.example/",
	"[https://bank.example/login](https://elsewhere.example/)",
	"\u202Ehttps://elsewhere.example/gnp.exe\u202C \u2066turned\u2069 &#x202E;turned",
	`a${"\u0301".repeat(400)} Z${"\u0336\u0489".repeat(300)}`,
	">".repeat(2_000),
	`${"> ".repeat(990)}deep`,
	"[".repeat(2_000),
	`${"[x](".repeat(490)}y`,
	"*".repeat(2_000),
	`${"**a ".repeat(490)}`,
	`${"- ".repeat(990)}x`,
	`${"`".repeat(1_999)}x`,
	`${"x".repeat(1_990)}`,
	`https://example.org/${"a".repeat(1_900)}`,
	'<@u_0000000000000000> <@<script>> <@../../etc> <@u_x" onclick=1>',
	"\u0000\u0001\u0008\uFFFE\u{E0041}tags",
	"```\n</code></pre><script>1</script>\n```",
	"`</code><script>1</script>`",
	"__proto__ constructor toString [__proto__](https://example.org/)",
];

stories("hostile words", (story) => {
	story("run nothing, load nothing, and lead where they say", async (world) => {
		const ada = await world.browserFor("Ada");
		const { page } = ada;
		const origin = new URL(world.url).origin;
		const [strange, complaints] = [[], []];
		page.on("request", (request) => {
			const url = request.url();
			if (!url.startsWith(origin) && !url.startsWith(origin.replace("http", "ws")) && !/^(data|blob):/.test(url))
				strange.push(url);
		});
		page.on("dialog", (dialog) => {
			complaints.push(dialog.message());
			void dialog.dismiss();
		});
		page.on("popup", (popup) => strange.push(popup.url()));
		page.on("console", (said) => {
			if (/content security policy|refused to/i.test(said.text())) complaints.push(said.text());
		});
		await ada.context.addInitScript(() => {
			window.violations = [];
			document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
		});
		await page.route(/\/api\/spaces\/[^/]+\/messages\?/, (route) =>
			route.fulfill({ json: { messages: CORPUS.map(recorded).reverse(), more: false } }),
		);
		await ada.enter(world.space);
		const answer = await page.request.get(`${world.url}/s/${world.space}`);
		assert.match(answer.headers()["content-security-policy"] ?? "", /script-src 'self'/, "the page's own policy holds");
		const title = await page.title();
		const began = Date.now();
		await opensChat(ada);
		await until("all are drawn", async () => (await page.locator(".chat-text").count()) === CORPUS.length);
		await until("markup is read", async () => (await page.locator(".chat-pre").count()) > 0);
		assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
		// Everything comes into view, and is hovered and pressed where it can be.
		await page.locator(".chat-scroll").evaluate(async (box) => {
			for (let y = 0; y < box.scrollHeight; y += box.clientHeight / 2) {
				box.scrollTo(0, y);
				await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
			}
			for (const each of box.querySelectorAll(".chat-text :not(a, a *, button, button *)")) {
				for (const type of ["mouseover", "mouseenter", "click", "focus"])
					each.dispatchEvent(new Event(type, { bubbles: true }));
			}
		});
		const found = await page.locator(".chat-scroll").evaluate((box) => {
			const all = [...box.querySelectorAll(".chat-text, .chat-text *")];
			return {
				tags: [...new Set(all.map((each) => each.localName))].sort(),
				attributes: [...new Set(all.flatMap((each) => each.getAttributeNames()))].sort(),
				links: all
					.filter((each) => each.localName === "a")
					.map((each) => [each.href, each.target, each.rel, each.textContent]),
				hosts: [...box.querySelectorAll(".chat-host")].map((each) => each.textContent.trim()),
				depth: Math.max(
					...all.map((each) => {
						let deep = 0;
						for (let it = each; it !== box; it = it.parentElement) deep++;
						return deep;
					}),
				),
				wide: all.filter(
					(each) => each.getBoundingClientRect().right > box.getBoundingClientRect().right + 1 && !each.closest("pre"),
				).length,
			};
		});
		const known = "a bdi blockquote br button code del div em li ol p path pre span strong svg ul".split(" ");
		assert.deepEqual(
			found.tags.filter((tag) => !known.includes(tag)),
			[],
		);
		assert.deepEqual(
			found.attributes.filter((name) => name.startsWith("on") || ["src", "srcdoc", "style", "action"].includes(name)),
			[],
		);
		for (const [href, target, rel] of found.links) {
			assert.match(href, /^https?:\/\/[a-z0-9.-]+\/[!-~]*$/, href);
			assert.deepEqual([target, rel], ["_blank", "noopener noreferrer"]);
		}
		assert.ok(!found.links.some(([href]) => href.includes("@") && new URL(href).username !== ""));
		const spoof = found.links.find(([, , , words]) => words === "https://bank.example/login");
		assert.equal(spoof?.[0], "https://elsewhere.example/");
		for (const host of ["(elsewhere.example)", "(xn--pple-43d.com)", "(xn--exmple-cua.org)"])
			assert.ok(found.hosts.includes(host), host);
		assert.ok(found.depth < 40, `${found.depth} deep`);
		assert.equal(found.wide, 0, "nothing reaches out of the panel");
		const tower = page.locator(".chat-line", { hasText: /^a\u0301/ });
		assert.ok((await tower.boundingBox()).height < 80, "towers stay in their line");
		const shown = (await lines(ada)).join("\n");
		for (const words of [
			"<script>",
			"onerror=",
			"[press](javascript:",
			"data:text/html",
			"https://bank.example@elsewhere.example/",
		])
			assert.ok(shown.includes(words), `${words} is read as it was written`);
		assert.equal(await page.title(), title);
		assert.deepEqual([strange, complaints, await page.evaluate(() => window.violations)], [[], [], []]);
	});
});

const recorded = (text, n) => ({
	id: n + 1,
	channel: "everyone",
	author_id: `u_${n % 3}`,
	author_name: n % 3 ? "<b>Eve</b>" : `Mallory\u202E`,
	text,
	reply_to: n % 10 === 9 ? n : null,
	reference: (n + 1).toString(16).padStart(16, "0"),
	said_at: 1_790_000_000_000 + n * 400_000,
	edited_at: n % 7 === 0 ? 1_790_000_000_000 : null,
	deleted: false,
	thought: false,
	reactions: n % 5 === 0 ? [{ emoji: "<script>", user_ids: ["u_0"], count: 1 }] : [],
});
