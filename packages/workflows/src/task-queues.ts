/** `gpu` serves one slot a device; on a machine without one, the processor is the device. */
export const TASK_QUEUES = { workflows: 'probity-workflows', cpu: 'probity-cpu', gpu: 'probity-gpu' } as const;
