import { fileURLToPath } from 'node:url';
import { connectTemporal } from '@probity/connections/connect-temporal';
import { openStore } from '@probity/connections/open-store';
import { TemporalCampaigns } from './adapters/temporal/temporal-campaigns.js';
import { readConfig } from './config.js';
import { createServer } from './create-server.js';
import { Rounds } from './rounds.js';

const { settings, host, port } = readConfig();
const temporal = await connectTemporal(settings);
const server = await createServer({
  campaigns: new TemporalCampaigns(temporal, settings.home),
  rounds: new Rounds(await openStore(settings.store)),
  webFolder: fileURLToPath(new URL('../web', import.meta.url)),
});
const address = await server.listen({ host, port });
process.stdout.write(`console ready ${address}\nready\n`);

const stop = () =>
  void server
    .close()
    .then(() => temporal.close())
    .then(() => process.exit(0));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
