import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { OnnxDevice } from '@probity/training/engine/onnx/device';
import type { TensorFlowDevice } from '@probity/core/engines/tensorflow-installation';
import type { Convolutions } from '@probity/tfjs-graph/write-saved-model';
import { benchmarkSpec, peerShape } from '../benchmark-network.js';
import { sweepSpec } from '../inference/sweep-campaign.js';
import { pythonFolder } from '../python-environment.js';
import { RivalProcess } from '../rival-process.js';
import type { GpuContender } from './gpu-rows.js';

/** PyTorch's two forms: as most write it, and as it is fastest. */
const FORMS = [
  { name: 'PyTorch eager, float32', fast: false },
  { name: 'PyTorch compiled, bfloat16', fast: true },
] as const;

export interface Peer {
  /** The interpreter. */
  readonly python: string;
  /** `cuda`, but in a trial of the bench itself. */
  readonly device: 'cuda' | 'cpu';
}

const startPeer =
  ({ python }: Peer) =>
  () =>
    new RivalProcess(python, [join(pythonFolder, 'gpu_peer.py')]);
const startOurs = (program: string) => () => new RivalProcess(process.execPath, [program]);
const threads = availableParallelism();

interface TrainingSides {
  /** The program our-step. */
  readonly program: string;
  /** File of the flat weight vector that all begin with. */
  readonly weights: string;
  readonly baseWidth: number;
  /** What trains on our side; ONNX on the processor where it is missing. */
  readonly engine?: {
    readonly tensorFlow: string;
    readonly tensorFlowDevice: TensorFlowDevice;
    readonly convolutions: Convolutions;
  };
}

/** A training step: ours, then PyTorch's, all from the same weights. */
export function trainingContenders(
  { program, weights, baseWidth, engine }: TrainingSides,
  peer: Peer,
): readonly GpuContender[] {
  const command = 'step';
  const load = { command: 'load', weights, threads, baseWidth, ...engine };
  const shape = { ...peerShape(benchmarkSpec(baseWidth), { weights, threads }), device: peer.device };
  return [
    { name: 'ours', start: startOurs(program), load, command },
    ...FORMS.map(({ name, fast }) => ({ name, start: startPeer(peer), load: { ...shape, fast }, command }) as const),
  ];
}

interface PredictionSides {
  /** The program our-prediction. */
  readonly program: string;
  readonly baseWidth: number;
  readonly device: OnnxDevice;
  readonly tools: string;
}

/** All members of a sweep over one batch: ours, then PyTorch's, one member after the other and the mean of them. */
export function predictionContenders(
  { program, baseWidth, device, tools }: PredictionSides,
  peer: Peer,
): readonly GpuContender[] {
  const command = 'predict';
  const load = { command: 'load', device, tools, baseWidth, threads };
  const spec = sweepSpec(baseWidth);
  const members = spec.ensemble.folds * spec.ensemble.operatingPoints.length;
  const shape = { ...peerShape(spec, { weights: '', threads }), command: 'load_members', members, device: peer.device };
  return [
    { name: 'ours', start: startOurs(program), load, command },
    ...FORMS.map(({ name, fast }) => ({ name, start: startPeer(peer), load: { ...shape, fast }, command }) as const),
  ];
}
