import { invalidForm } from "../../errors.js";

/** The query's `limit`, or what is usual. */
export function limitOf(query: URLSearchParams, usual: number, max: number): number {
  const given = query.get("limit");
  if (given === null) return usual;
  const limit = Number(given);
  if (!Number.isInteger(limit))
    throw invalidForm("limit", "NUMBER_TYPE_COERCE", `Value "${given}" is not int.`);
  if (limit < 1)
    throw invalidForm("limit", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.");
  if (limit > max)
    throw invalidForm("limit", "NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`);
  return limit;
}
