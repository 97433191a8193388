import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["agentpolicy-source"] },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "node", include: ["test/**/*.test.ts"], exclude: ["test/workerd/**"] },
      },
    ],
  },
});
