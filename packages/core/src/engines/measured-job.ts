import type { CampaignSpec } from '../schemas/campaign-spec.js';
import type { MeasuredEngines } from './machine-measurement.js';
import type { TensorFlowDevice } from './tensorflow-installation.js';

/** What a job process that is measured is to train, on what, and with how many threads. */
export interface MeasuredJobOrder {
  readonly engine: EngineOrder;
  readonly threads: number;
  readonly spec: Pick<CampaignSpec, 'seed' | 'input' | 'model' | 'training'>;
}

export type EngineOrder =
  | {
      readonly library: 'onnxruntime';
      readonly device: MeasuredEngines['onnxDevice'];
      readonly layout: MeasuredEngines['onnxLayout'];
      /** Where onnxruntime for CUDA is installed. */
      readonly tools: string;
    }
  | { readonly library: 'tensorflow'; readonly device: TensorFlowDevice; readonly folder: string };

/** Told to a process that is ready: train for so long, then answer and end. */
export interface MeasuredJobStart {
  readonly seconds: number;
}

export interface MeasuredJobResult {
  readonly steps: number;
  readonly seconds: number;
  /** The most memory that the process ever held. */
  readonly peakBytes: number;
  /** Time of processors that the process took since it was started. */
  readonly processorMilliseconds: number;
}

export type MeasuredJobMessage =
  /** Compiled and warm. */
  | { readonly type: 'ready'; readonly engine: string }
  | ({ readonly type: 'result' } & MeasuredJobResult)
  | { readonly type: 'failure'; readonly message: string };
