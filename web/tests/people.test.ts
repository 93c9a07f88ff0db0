import { describe, expect, it } from "vitest";
import { listPeople, matches } from "../src/people/search";

const person = (name: string, self = false) => ({ name, self });

describe("finding people", () => {
	it("does not mind case or accents", () => {
		expect(matches("Sofía Hernández", "sofia")).toBe(true);
		expect(matches("Zoë", "ZOE")).toBe(true);
		expect(matches("Jonas", "mara")).toBe(false);
	});

	it("wants every word, in any order", () => {
		expect(matches("Beatrix van der Meulen", "meulen bea")).toBe(true);
		expect(matches("Beatrix van der Meulen", "meulen jo")).toBe(false);
	});

	it("finds the middle of a name once three letters are known", () => {
		expect(matches("Annemarie", "marie")).toBe(true);
		expect(matches("Annemarie", "ma")).toBe(false);
	});

	it("finds everybody for nothing, oneself first, then by name", () => {
		const found = listPeople([person("Bo 10"), person("Ada"), person("bo 9"), person("Zed", true)], " ");
		expect(found.map((each) => each.name)).toEqual(["Zed", "Ada", "bo 9", "Bo 10"]);
	});
});
