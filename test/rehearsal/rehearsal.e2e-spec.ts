import { afterEach, describe, expect, it } from '@jest/globals';
import { SCRIPT_FAULTS } from './script-faults.js';
import { DEPLOYER, OWNER, Stage } from './stage.js';
import { cleanedUp, failedReleases, firstDeployment, release, repeatedDeployment, running } from './story.js';

const MINUTES_10 = 600_000;

/** The scripts are for bash, which Windows lacks. */
const describePosix = process.platform === 'win32' ? describe.skip : describe;

/** The scripts of a deployment, with stubs of gcloud, docker and Terraform, against a control plane in memory. */
describePosix('rehearsal of the scripts', () => {
  let stage: Stage;

  afterEach(() => stage.close());

  it(
    'deploys a new project, repeats, releases, rolls back whole, cleans up and deploys again',
    async () => {
      stage = await Stage.open({ terraform: 'stub' });

      await firstDeployment(stage);
      await repeatedDeployment(stage);
      await failedReleases(stage);
      await cleanedUp(stage);

      expect(running(stage)).toEqual({
        tableManager: expect.stringContaining('/table-manager@sha256:'),
        eventGenerator: expect.stringContaining('/event-generator@sha256:'),
        console: expect.stringContaining('/console@sha256:'),
        template: 'events-2_0_0',
      });
    },
    MINUTES_10,
  );

  it.each([
    [
      'the image of event-generator is pushed',
      'deploy-event-generator.sh',
      '+ terraform -chdir=terraform/environment init',
    ],
    ['the image of console is pushed', 'deploy-console.sh', '+ terraform -chdir=terraform/environment init'],
    [
      'what should run is written down',
      'deploy-cloud-function.sh',
      '+ terraform -chdir=terraform/environment apply',
    ],
    ['the template is written', 'deploy-dataflow.sh', 'Deploying gs://'],
  ])(
    'continues after a step was killed when %s',
    async (_name, script, killAfter) => {
      stage = await Stage.open({ terraform: 'stub' });
      await firstDeployment(stage);

      const killed = await stage.script(DEPLOYER, [script, '--version', '2.0.0'], killAfter);
      const continued = await release(stage, '2.0.0');

      expect(killed.status).not.toBe(0);
      expect(continued).toEqual(expect.objectContaining({ status: 0 }));
    },
    MINUTES_10,
  );

  it(
    'goes on after a service whose first revision never gets ready',
    async () => {
      stage = await Stage.open({ terraform: 'stub' });
      await stage.script(OWNER, ['bootstrap.sh']);
      await stage.script(DEPLOYER, ['deploy-infrastructure.sh', '--version', '1.0.0']);
      stage.plane.faults.brokenImages.add('');
      const first = await stage.script(DEPLOYER, ['deploy-cloud-function.sh', '--version', '1.0.0']);
      stage.plane.faults.brokenImages.clear();

      const second = await release(stage, '1.0.1');

      expect(first.status).not.toBe(0);
      expect(second).toEqual(expect.objectContaining({ status: 0 }));
    },
    MINUTES_10,
  );

  it(
    'leaves the job out if the settings of the installation say that table-manager writes the rows',
    async () => {
      const file = 'terraform/environment/prod.local.tfvars';
      const patches = [{ file, from: 'runbook_url', to: 'delivery_mode = "direct"\nrunbook_url' }];
      stage = await Stage.open({ terraform: 'stub', patches });

      const { status, output } = await stage.script(OWNER, ['deploy.sh', '--version', '1.0.0']);

      expect([status, output.includes('# scripts/deploy-dataflow.sh')]).toEqual([0, false]);
    },
    MINUTES_10,
  );

  it.each(SCRIPT_FAULTS)(
    'finds $name put back: $what',
    async ({ name, patches, story, finds }) => {
      stage = await Stage.open({ terraform: 'stub', patches });

      await expect(story(stage)).rejects.toThrow(finds);
      expect(name).toMatch(/^[BS]\d+$/);
    },
    MINUTES_10,
  );
});
