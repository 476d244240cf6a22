import { it } from 'vitest';
import { createRandom } from '@probity/core/numerics/random';
import { drawPhantomImage, phantomProbability, drawTruth } from '../../datasets/src/phantom/draw-phantom.js';
import { directBatchSource } from './augmentation/batch-source.js';
import { createOnnxEngine } from './engine/onnx/onnx-engine.js';
import { createCommittee } from './inference/committee.js';
import { noAugmentation, tinySpec } from './testing/tiny-fold.js';
import { trainFold } from './train-fold.js';
it('x', async () => {
  const make = (n: number, s: string) => { const images = new Float32Array(n*4096), labels = new Uint8Array(n*4096), p = new Float64Array(n*4096);
    for (let k=0;k<n;k++){ const look=createRandom(s,'g',k>>2); const im=drawPhantomImage({size:64,brightness:0.05*(2*look.next()-1),contrast:0.9+0.2*look.next()},createRandom(s,k)); const pr=phantomProbability(im,{beta:80,shift:0}); const y=drawTruth(pr,createRandom(s,'t',k));
      let m=0; for(const v of im) m+=v/4096; let q=0; for(const v of im) q+=(v-m)**2/4096; const sd=Math.sqrt(q); im.forEach((v,i)=>images[k*4096+i]=(v-m)/sd); labels.set(y,k*4096); p.set(pr,k*4096);} 
    return { items: { ids: Array.from({length:n},(_,i)=>s+i), height:64,width:64,channels:1,images,labels,labelHeight:64,labelWidth:64 }, p }; };
  const engine = await createOnnxEngine({ threads: 2 });
  const spec0 = tinySpec(); 
  const test = make(40,'test');
  for (const [base, depth, steps, n] of [[8,3,150,24]] as const) {
    const train = make(n,'train');
    const spec = { ...spec0, model: { kind:'unet' as const, baseWidth: base, depth, normalisation:'instance' as const }, training: { ...spec0.training, steps, batchSize: 8, learningRate: 0.005, warmupSteps: 8, augmentation: { ...noAugmentation, flipHorizontal:true, flipVertical:true } }, ensemble: { folds:2, operatingPoints:[0], centre:0, forkAt:0.75 } };
    const t=Date.now(); const curve: number[]=[];
    const { members } = await trainFold({ spec, fold:0, classCount:2, items: train.items, engine, createBatches: directBatchSource }, { report: ({done,loss}) => { if(done%25===0) curve.push(Number(loss.toFixed(3))); }, loadCheckpoint: async()=>undefined, saveCheckpoint: async()=>{}, findMember: async()=>undefined, saveMember: async()=>{} });
    const c = await createCommittee({ model: spec.model, items: test.items, classCount:2, members: members.map(m=>m.weights), batchSize: 8, engine });
    const pr = await c.predict(test.items.images, 40); let h=0,a=0,b=0,bh=0,ba=0, brier=0, truthB=0;
    pr.forEach(({meanScores},k)=>{ for(let i=0;i<4096;i++){ const f=meanScores[2*i+1]!>0.5?1:0, y=test.items.labels[k*4096+i]!, q=test.p[k*4096+i]!; h+=f&y; a+=f; b+=y; const o=q>0.4?1:0; bh+=o&y; ba+=o; brier+=(meanScores[2*i+1]!-y)**2; truthB+=(q-y)**2; }});
    console.log({base,depth,steps,n}, 'loss', curve, 'dice', 2*h/(a+b), 'best possible', 2*bh/(ba+b), 'brier', brier/163840, truthB/163840, 's', (Date.now()-t)/1000);
  }
}, 600000);
