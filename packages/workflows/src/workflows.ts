/** The one file the bundler reads: every workflow by name. */
export { campaignWorkflow } from './campaign.workflow.js';
export { sweepWorkflow } from './sweep.workflow.js';
