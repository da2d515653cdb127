import { OpenApi } from "@effect/platform";
import { assert, describe, it } from "vitest";
import { Api } from "../../../src/http/api/index.js";
import { VERSION } from "../../../src/domain/Version.js";

const { components, info, paths, servers } = OpenApi.fromApi(Api);

describe("the description of the API", () => {
  it("says what it is, where it is, and how one signs in", () => {
    assert.deepInclude(info, { title: "Pawtropolis", version: VERSION });
    assert.deepInclude(servers?.[0], { url: "/" });
    assert.hasAllKeys(components.securitySchemes, ["session", "csrf"]);
  });

  it("wants a session where one is needed, and the token beside it for changes", () => {
    assert.deepStrictEqual(paths["/health"]?.get?.security, []);
    assert.deepStrictEqual(paths["/auth/me"]?.get?.security, [{ session: [] }]);
    assert.deepStrictEqual(paths["/auth/logout"]?.post?.security, [{ session: [], csrf: [] }]);
  });

  it("says of every operation what it is for and how it can be refused", () => {
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { description, responses, summary }] of Object.entries(operations)) {
        const where = `${method} ${path}`;
        if (path.startsWith("/api/") || path.startsWith("/auth")) {
          assert.isNotEmpty(description, where);
          assert.isNotEmpty(summary, where);
        }
        assert.includeMembers(Object.keys(responses), ["400", "429", "500", "503"], where);
        assert.strictEqual("413" in responses, method !== "get", where);
      }
    }
  });
});
