"""Checks a COCO export with pycocotools against the PNG export of the same version: masks must be equal.

    python check-coco.py COCO_FOLDER PNG_FOLDER

COCO_FOLDER: made with --format coco; PNG_FOLDER: with --format png. For every image of the COCO file

  - the image is the same file, byte for byte;
  - the annotations of a class (iscrowd 0), drawn by pycocotools, are the mask's pixels of that class that are not ignored;
  - no two of them overlap, and `area` and `bbox` are what pycocotools computes;
  - each class's crowd (iscrowd 1) is the ignore mask;

and every labelled item of the manifest is there. Ends with 1 and the faults if anything differs.
Last run with pycocotools 2.0.11, numpy 2.4, Pillow 13.0, Python 3.11.
"""

import csv
import sys
from pathlib import Path

import numpy
from PIL import Image
from pycocotools import mask as masks
from pycocotools.coco import COCO


def read_mask(path):
    return numpy.array(Image.open(path))


def check_image(coco, image, folders):
    coco_folder, png_folder, row = folders
    faults = []
    if (coco_folder / "images" / image["file_name"]).read_bytes() != (png_folder / row["image"]).read_bytes():
        faults.append("image differs")
    truth = read_mask(png_folder / row["mask"])
    ignore = read_mask(png_folder / row["ignore"]) if row["ignore"] else numpy.zeros_like(truth)
    for category in coco.getCatIds():
        drawn = numpy.zeros(truth.shape, dtype=numpy.int64)
        crowd = numpy.zeros(truth.shape, dtype=numpy.uint8)
        for annotation in coco.loadAnns(coco.getAnnIds(imgIds=[image["id"]], catIds=[category])):
            inside = coco.annToMask(annotation)
            run_length = coco.annToRLE(annotation)
            if masks.area(run_length) != annotation["area"]:
                faults.append(f"area of annotation {annotation['id']}")
            if list(masks.toBbox(run_length)) != annotation["bbox"]:
                faults.append(f"box of annotation {annotation['id']}")
            if annotation["iscrowd"]:
                crowd |= inside
            else:
                drawn += inside
        if drawn.max(initial=0) > 1:
            faults.append(f"class {category} overlaps itself")
        if not numpy.array_equal(drawn > 0, (truth == category) & (ignore == 0)):
            faults.append(f"class {category} differs")
        if not numpy.array_equal(crowd > 0, ignore > 0):
            faults.append(f"ignored pixels of class {category} differ")
    return faults


def main(coco_folder, png_folder):
    coco = COCO(str(coco_folder / "annotations.json"))
    with open(png_folder / "manifest.csv", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file) if row["mask"]}
    images = coco.loadImgs(coco.getImgIds())
    faults = [f"{item}: missing" for item in rows.keys() - {image["item"] for image in images}]
    for image in images:
        found = check_image(coco, image, (coco_folder, png_folder, rows[image["item"]]))
        faults += [f"{image['item']}: {fault}" for fault in found]
    print(f"{len(images)} images, {len(coco.getAnnIds())} annotations, {len(faults)} faults")
    for fault in faults:
        print(fault)
    return 1 if faults or not images else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
