/** AP2157: a test that states a task which its agent's sessions wouldn't know. */
import { taskInSession } from "../test-runner/task-in-session.ts";
import type { CheckContext } from "./check.ts";

export function checkUnvouchedTask({ files, program, report }: CheckContext): void {
  const agents = new Map(program.agents.map(({ row }) => [row.name, row]));
  for (const node of files.flatMap((file) => [...file.declarations])) {
    if (node.kind !== "Test" || node.task === null) continue;
    const agent = agents.get(node.agent.value);
    const requester = node.requester?.value ?? null;
    if (agent === undefined || taskInSession({ agent, requester, task: node.task.value }) !== null) continue;
    report.warning("AP2157", {
      span: node.task.span,
      message: "nobody vouches for this task, so no rule knows it",
      label: `no requester, and no \`task from client\` in \`agent ${agent.name}\``,
      help: 'add `for "name@example.com"` before it, or `task from client` to the agent',
    });
  }
}
