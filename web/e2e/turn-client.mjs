// A TURN client of the wire (RFC 8489, RFC 8656), for asking a relay what browsers would never ask. UDP only, one request
// at a time.
//
// Absent on purpose: anything that makes a client robust. A retry would hide what a relay really answers.

import { createHash, createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";

const COOKIE = 0x2112a442;
const METHOD = { allocate: 0x003, refresh: 0x004, permit: 0x008, bind: 0x009, send: 0x016 };
const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 };
const ATTRIBUTE = {
	username: 0x0006,
	integrity: 0x0008,
	error: 0x0009,
	channel: 0x000c,
	lifetime: 0x000d,
	peer: 0x0012,
	data: 0x0013,
	realm: 0x0014,
	nonce: 0x0015,
	relayed: 0x0016,
	family: 0x0017,
	transport: 0x0019,
	software: 0x8022,
};
const UDP = 17;
const FAMILY = { 4: 0x01, 6: 0x02 };
const ANSWER_MS_MAX = 3_000;

/** Opens a socket towards a relay at `port` of this machine, as the owner of a credential. */
export async function openTurnClient(port, { username, credential }, host = "127.0.0.1") {
	const socket = createSocket("udp4");
	socket.bind(0, host);
	await once(socket, "listening");
	return new TurnClient(socket, port, host, username, credential);
}

class TurnClient {
	#realm = null;
	#nonce = null;

	constructor(socket, port, host, username, credential) {
		Object.assign(this, { socket, port, host, username, credential });
	}

	/** Asks for a relayed address: of a family, 4 or 6, and for a transport. */
	allocate(family = 4, transport = UDP) {
		const wishes = [attribute(ATTRIBUTE.transport, Buffer.from([transport, 0, 0, 0]))];
		if (family === 6) wishes.push(attribute(ATTRIBUTE.family, Buffer.from([FAMILY[6], 0, 0, 0])));
		return this.#ask(METHOD.allocate, () => wishes);
	}

	/** Asks to be allowed to send to an address and to hear from it. */
	permit(ip, port = 9) {
		return this.#ask(METHOD.permit, (id) => [attribute(ATTRIBUTE.peer, mask(ip, port, id))]);
	}

	/** Asks for a channel to an address. */
	bindChannel(ip, channel = 0x4000, port = 9) {
		return this.#ask(METHOD.bind, (id) => [
			attribute(ATTRIBUTE.channel, Buffer.from([channel >> 8, channel & 255, 0, 0])),
			attribute(ATTRIBUTE.peer, mask(ip, port, id)),
		]);
	}

	/** Has something sent to an address. No relay answers that. */
	send(ip, port, data) {
		const id = randomBytes(12);
		const attributes = [attribute(ATTRIBUTE.peer, mask(ip, port, id)), attribute(ATTRIBUTE.data, Buffer.from(data))];
		this.socket.send(message(METHOD.send | CLASS.indication, id, attributes), this.port, this.host);
	}

	/** Gives the allocation back. */
	async close() {
		await this.#ask(METHOD.refresh, () => [attribute(ATTRIBUTE.lifetime, Buffer.alloc(4))]).catch(() => {});
		this.socket.close();
	}

	/** The first request has no credential: the answer to it names realm and nonce. */
	async #ask(method, attributes) {
		let answer = await this.#exchange(method, attributes);
		for (let tries = 0; tries < 2 && isChallenge(answer); tries++) answer = await this.#exchange(method, attributes);
		return answer;

		function isChallenge({ code, isFirst }) {
			return code === 438 || (code === 401 && isFirst);
		}
	}

	async #exchange(method, attributes) {
		const id = randomBytes(12);
		const isFirst = this.#nonce === null;
		const own = attributes(id);
		const sent = isFirst ? message(method | CLASS.request, id, own) : this.#signed(method | CLASS.request, id, own);
		this.socket.send(sent, this.port, this.host);
		const answer = await this.#answer(id);
		this.#realm = answer.realm ?? this.#realm;
		this.#nonce = answer.nonce ?? this.#nonce;
		return { ...answer, isFirst };
	}

	#signed(type, id, own) {
		const attributes = [
			...own,
			attribute(ATTRIBUTE.username, Buffer.from(this.username)),
			attribute(ATTRIBUTE.realm, this.#realm),
			attribute(ATTRIBUTE.nonce, this.#nonce),
		];
		const key = createHash("md5").update(`${this.username}:${this.#realm}:${this.credential}`).digest();
		// The length counts the integrity attribute, whose value is over everything before it.
		const unsigned = message(type, id, [...attributes, attribute(ATTRIBUTE.integrity, Buffer.alloc(20))]).subarray(
			0,
			-24,
		);
		return message(type, id, [
			...attributes,
			attribute(ATTRIBUTE.integrity, createHmac("sha1", key).update(unsigned).digest()),
		]);
	}

	#answer(id) {
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => done(reject, new Error(`no answer in ${ANSWER_MS_MAX} ms`)), ANSWER_MS_MAX);
			const listen = (bytes) => {
				if (bytes.length >= 20 && bytes.subarray(8, 20).equals(id)) done(resolve, parse(bytes, id));
			};
			const done = (how, what) => {
				clearTimeout(late);
				this.socket.off("message", listen);
				how(what);
			};
			this.socket.on("message", listen);
		});
	}
}

function message(type, id, attributes) {
	const body = Buffer.concat(attributes);
	const head = Buffer.alloc(8);
	head.writeUInt16BE(type, 0);
	head.writeUInt16BE(body.length, 2);
	head.writeUInt32BE(COOKIE, 4);
	return Buffer.concat([head, id, body]);
}

function attribute(type, value) {
	const head = Buffer.alloc(4);
	head.writeUInt16BE(type, 0);
	head.writeUInt16BE(value.length, 2);
	return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)]);
}

/** An address and port, XORed with the cookie and the transaction as both RFCs want it. */
function mask(ip, port, id) {
	const bytes = bytesOf(ip);
	const key = Buffer.concat([cookieBytes(), id]);
	const masked = bytes.map((byte, i) => byte ^ key[i]);
	const head = Buffer.from([0, FAMILY[bytes.length === 4 ? 4 : 6], 0, 0]);
	head.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
	return Buffer.concat([head, masked]);
}

function unmask(value, id) {
	const key = Buffer.concat([cookieBytes(), id]);
	const bytes = value.subarray(4).map((byte, i) => byte ^ key[i]);
	const ip = bytes.length === 4 ? [...bytes].join(".") : bytes.toString("hex").match(/.{4}/g).join(":");
	return { ip, port: value.readUInt16BE(2) ^ (COOKIE >>> 16) };
}

function cookieBytes() {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(COOKIE);
	return bytes;
}

/** The bytes of an address, as written in text; of IPv6 any form, with IPv4 at its end or without. */
export function bytesOf(ip) {
	if (!ip.includes(":")) return Buffer.from(ip.split(".").map(Number));
	const v4 = /:(\d+(?:\.\d+){3})$/.exec(ip);
	const text = v4
		? ip.replace(
				v4[1],
				bytesOf(v4[1])
					.toString("hex")
					.replace(/(....)/, "$1:"),
			)
		: ip;
	const [before, after] = text.split("::").map((half) => half.split(":").filter(Boolean));
	const groups = after ? [...before, ...Array(8 - before.length - after.length).fill("0"), ...after] : before;
	return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}

function parse(bytes, id) {
	const kind = bytes.readUInt16BE(0) & 0x110;
	const answer = { granted: kind === CLASS.success };
	for (let at = 20; at + 4 <= bytes.length; ) {
		const [type, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
		const value = bytes.subarray(at + 4, at + 4 + length);
		if (type === ATTRIBUTE.error)
			Object.assign(answer, { code: value[2] * 100 + value[3], reason: `${value.subarray(4)}` });
		if (type === ATTRIBUTE.realm) answer.realm = Buffer.from(value);
		if (type === ATTRIBUTE.nonce) answer.nonce = Buffer.from(value);
		if (type === ATTRIBUTE.software) answer.software = `${value}`;
		if (type === ATTRIBUTE.relayed) answer.relayed = unmask(value, id);
		if (type === ATTRIBUTE.lifetime) answer.lifetime_s = value.readUInt32BE(0);
		at += 4 + length + (-length & 3);
	}
	return answer;
}
