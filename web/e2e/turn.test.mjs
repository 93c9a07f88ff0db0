// What the relay does for strangers: a real coturn with the configuration of deploy/, asked by hand, with credentials from
// the real Worker.

import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { after, before, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { noCoturn, startCoturn } from "./coturn.mjs";
import { startRuntime } from "./runtime.mjs";
import { openTurnClient } from "./turn-client.mjs";

const FORBIDDEN = 403;
const UNAUTHORISED = 401;
const TCP = 6;
const HAS_IPV6 = Object.values(networkInterfaces())
	.flat()
	.some(({ address }) => address === "::1");
/** Each range of deploy/coturn/turnserver.conf, by its edges and by addresses that people really aim at. */
const DENIED = {
	"this network and unspecified": ["0.0.0.0", "0.255.255.255"],
	loopback: ["127.0.0.1", "127.0.0.53", "127.255.255.255"],
	"private, 10/8": ["10.0.0.0", "10.0.0.1", "10.255.255.255"],
	"private, 172.16/12": ["172.16.0.0", "172.17.0.1", "172.31.255.255"],
	"private, 192.168/16": ["192.168.0.0", "192.168.1.1", "192.168.255.255"],
	"carriers' NAT, with a cloud's metadata": ["100.64.0.0", "100.100.100.200", "100.127.255.255"],
	"link-local, with the metadata of most clouds": ["169.254.0.0", "169.254.169.254", "169.254.255.255"],
	"protocol assignments, with a cloud's metadata": ["192.0.0.0", "192.0.0.192", "192.0.0.255"],
	"a cloud's wire server": ["168.63.129.16"],
	documents: ["192.0.2.0", "192.0.2.255"],
	"6to4 relays": ["192.88.99.0", "192.88.99.255"],
	laboratories: ["198.18.0.0", "198.19.255.255"],
	multicast: ["224.0.0.0", "224.0.0.251", "239.255.255.255"],
	"reserved and broadcast": ["240.0.0.0", "255.255.255.255"],
	"IPv6 unspecified and loopback": ["::", "::1"],
	"IPv4 within IPv6, compatible": ["::127.0.0.1", "::10.0.0.0", "::169.254.169.254", "::255.255.255.255"],
	"IPv4 within IPv6, mapped": ["::ffff:0.0.0.0", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:203.0.113.9"],
	"IPv4 within IPv6, translated": ["::ffff:0:127.0.0.1", "::ffff:0:10.0.0.1"],
	"NAT64, well known": ["64:ff9b::", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::255.255.255.255"],
	"NAT64, a network's own": ["64:ff9b:1::1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"],
	"before the public IPv6": [
		"0:0:0:1::",
		"0:0:1::",
		"0:1::",
		"1::",
		"100::",
		"100::1",
		"200::1",
		"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	],
	Teredo: ["2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
	"IPv6 protocol assignments": ["2001:2::1", "2001:10::1", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"],
	"IPv6 documents": ["2001:db8::1", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::1"],
	"6to4": ["2002::1", "2002:7f00:1::1", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
	"behind the public IPv6": ["4000::1", "8000::1", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
	"IPv6 private, with a cloud's metadata": ["fc00::1", "fd00:ec2::254", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
	"IPv6 link-local": ["fe80::1", "fe80::a9fe:a9fe", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
	"IPv6 site-local": ["fec0::1", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
	"IPv6 multicast": ["ff02::1", "ff05::2", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
};
/** Neighbours of the ranges, and what people's own addresses look like. */
const ALLOWED = [
	...["1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"],
	...["169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"],
	...["198.17.255.255", "198.20.0.0", "198.51.100.7", "203.0.113.7", "223.255.255.255"],
	...["2000::1", "2001:200::1", "2001:db7::1", "2001:db9::1", "2003::1", "2a00:1450::1", "3ffe::1"],
];

describe("the relay", { skip: noCoturn ?? false, timeout: 120_000 }, () => {
	let coturn;
	let runtime;
	const clients = [];
	before(async () => {
		coturn = await startCoturn({ relays: HAS_IPV6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"] });
		runtime = await startRuntime({ variables: coturn.variables });
	});
	after(async () => {
		for (const client of clients) await client.close();
		await runtime?.stop();
		await coturn?.stop();
	});

	const client = async (credential, at = coturn) => {
		const opened = await openTurnClient(at.port, credential);
		clients.push(opened);
		return opened;
	};
	const hmac = (username, secret = coturn.secret) => createHmac("sha1", secret).update(username).digest("base64");
	const now_s = () => Math.floor(Date.now() / 1000);

	it("takes the credentials that the Worker mints", async () => {
		const minted = await mint(runtime);
		const anna = await client(minted);
		const allocation = await anna.allocate();
		assert.ok(allocation.granted, `${allocation.code} ${allocation.reason}`);
		assert.equal(allocation.relayed.ip, "127.0.0.1");
		assert.ok(allocation.relayed.port >= 49152);
		assert.ok(allocation.lifetime_s <= 3600);
	});

	it("refuses what the Worker did not mint, and what is over", async () => {
		const minted = await mint(runtime);
		const [expiry, name] = minted.username.split(":");
		const over = `${now_s() - 5}:${name}`;
		for (const [what, username, credential] of [
			["an expired one, although its HMAC is right", over, hmac(over)],
			["one whose life was lengthened", `${Number(expiry) + 86_400}:${name}`, minted.credential],
			["another's name with one's own password", `${expiry}:aaaaaaaaaaaaaaaa`, minted.credential],
			["one of another secret", minted.username, hmac(minted.username, randomBytes(32).toString("hex"))],
			["one without a password", minted.username, ""],
			["one without an expiry", name, hmac(name)],
			["a name and password", "admin", "admin"],
		]) {
			const answer = await (await client({ username, credential })).allocate();
			assert.deepEqual([answer.granted, answer.code], [false, UNAUTHORISED], what);
		}
		assert.ok((await (await client(minted)).allocate()).granted, "and the minted one is good meanwhile");
	});

	it("gives nothing to who has no allocation", async () => {
		const stranger = await client(await mint(runtime));
		for (const answer of [await stranger.permit("203.0.113.7"), await stranger.bindChannel("203.0.113.7")]) {
			assert.equal(answer.granted, false);
		}
	});

	it("sends to the public internet", async () => {
		const four = await client(await mint(runtime));
		const six = await client(await mint(runtime));
		assert.ok((await four.allocate(4)).granted);
		assert.equal((await six.allocate(6)).granted, HAS_IPV6);
		let channel = 0x4000;
		for (const ip of ALLOWED) {
			if (ip.includes(":") && !HAS_IPV6) continue;
			const one = ip.includes(":") ? six : four;
			const permission = await one.permit(ip);
			assert.ok(permission.granted, `${ip}: ${permission.code} ${permission.reason}`);
			assert.ok((await one.bindChannel(ip, channel++)).granted, ip);
		}
	});

	for (const [range, addresses] of Object.entries(DENIED)) {
		const family = addresses[0].includes(":") ? 6 : 4;
		const skip = family === 6 && !HAS_IPV6 && "this machine has no IPv6";
		it(`sends nothing to: ${range}`, { skip }, async () => {
			const mallory = await client(await mint(runtime));
			assert.ok((await mallory.allocate(family)).granted);
			for (const ip of addresses) {
				const permission = await mallory.permit(ip);
				assert.deepEqual([permission.granted, permission.code], [false, FORBIDDEN], `CreatePermission for ${ip}`);
				const channel = await mallory.bindChannel(ip);
				assert.deepEqual([channel.granted, channel.code], [false, FORBIDDEN], `ChannelBind for ${ip}`);
			}
		});
	}

	it("sends nothing to this machine, asked or unasked, where another configuration would", async () => {
		const careless = await startCoturn({
			more: ["--allow-loopback-peers", "--allowed-peer-ip=127.0.0.1", "--cli-password=none-has-it"],
		});
		const arrived = [];
		const service = createSocket("udp4").on("message", (bytes) => arrived.push(`${bytes}`));
		service.bind(0, "127.0.0.1");
		await once(service, "listening");
		const { port } = service.address();
		try {
			const credential = (at) => {
				const username = `${now_s() + 60}:tester`;
				return { username, credential: hmac(username, at.secret) };
			};
			for (const [at, words] of [
				[coturn, "by the configuration of deploy"],
				[careless, "by a careless one"],
			]) {
				const mallory = await client(credential(at), at);
				await mallory.allocate();
				await mallory.permit("127.0.0.1", port);
				mallory.send("127.0.0.1", port, words);
			}
			while (arrived.length === 0) await pass(10);
			// What the first was asked to send came before; on one machine a fifth of a second is long.
			await pass(200);
			assert.deepEqual(arrived, ["by a careless one"]);
		} finally {
			service.close();
			await clients.pop().close();
			await careless.stop();
		}
	});

	it("relays no TCP, and does not say which version it is", async () => {
		const proxy = await client(await mint(runtime));
		const answer = await proxy.allocate(4, TCP);
		assert.deepEqual([answer.granted, answer.code], [false, 442]);
		assert.equal((await proxy.allocate()).software, undefined);
	});
});

/** A credential for somebody new, as the client asks for it. */
async function mint(runtime) {
	const post = async (path, token, body = {}) => {
		const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
		const answer = await fetch(`${runtime.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
		assert.ok(answer.ok, await answer.clone().text());
		return answer.json();
	};
	const { access_token } = await post("/api/auth/guest", null, { name: "Somebody" });
	await post("/api/spaces/commons/join", access_token);
	const { ice_servers } = await post("/api/spaces/commons/ice", access_token);
	return ice_servers.find((server) => server.credential);
}
