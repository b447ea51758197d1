#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Random models beside plain numbers. Started by tests/run.

    tests/run models                 a few dozen models, from seed 1, with both compilers at -O1 and -O3 -march=native
    tests/run models 200 7           200 models from seed 7
    tests/run models --pairs         every layer before every layer and a wide Linear: values, plain and compiled
    tests/run models --tiny          models on 1 to 4 rows of 1 to 4 numbers
    tests/run models --double        models of double only
    tests/run models --with GLU      models that have a GLU; may be repeated
    tests/run models --for clang-O3  one configuration, (gcc|clang)-(O0|O1|O3|avx2|sse2); may be repeated
    tests/run models -- g++ -O2      another compiler or other flags (tools/random_models.py -- g++ -O2)

A model is a Sequential of layers with random options, of float or of double. Each is held, by
tests/support/random_model.hpp, against a calculation in double that shares nothing with the library: its values, plain
and compiled, and five steps of training with a random loss and optimizer. The forms of a step have to agree bit for
bit. A model that fails is cut to the smallest that still does, and its program is left in build/models.
"""
import argparse
import concurrent.futures
import copy
import itertools
import pathlib
import random
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Callable

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / 'build/models'
WARNINGS = '-std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'.split()
FLAGS = {'O1': '-O1', 'O3': '-O3 -march=native', 'avx2': '-O3 -mavx2 -mfma', 'sse2': '-O3', 'O0': '-O0'}
CONFIGURATIONS = {f'{compiler}-{name}': (compiler, flags.split()) for name, flags in FLAGS.items()
                  for compiler in ('gcc', 'clang')}
USUAL = ['gcc-O1', 'gcc-O3', 'clang-O1', 'clang-O3']

# What a model may be at most: the calculation in double keeps every operation.
MOST_ELEMENTS, MOST_WEIGHTS, MOST_WORK = 6000, 20000, 150_000

# Around the widths of vectors and panels, and some that are none.
WIDTHS = [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 20, 24, 31, 32, 33, 40, 48, 63, 64, 65, 96, 100, 128]
BATCHES = [1, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 32, 33]
TINY = [1, 2, 3, 4]  # all is straight code, where compilers see every product and sum of a step


def width(r, shape=(5,)):
    """Of a row, or of what is made of one. What is tiny stays so in most cases."""
    return r.choice(TINY if r.random() < (0.8 if max(shape) <= 4 else 0.3) else WIDTHS)


# ---- the layers ------------------------------------------------------------------------------------------------------

@dataclass
class Kind:
    """A kind of layer. `choose(random, shape)` gives options, or None where no layer of this kind fits the shape;
    `result(shape, options)` the shape that comes out, or None where these options do not fit; `text(shape, options)`
    the type; `plainest` the options that a smaller failure would have; `work(shape, options)` products or sums an
    element, `weights(shape, options)` the number of weights, nearly."""
    choose: Callable
    result: Callable
    text: Callable
    plainest: dict
    work: Callable = lambda s, o: 1
    weights: Callable = lambda s, o: 0
    members: tuple = ()  # of the layer, that the options set at run time


def size(shape):
    n = 1
    for extent in shape:
        n *= extent
    return n


def joined(*arguments):
    return ', '.join(str(a) for a in arguments if a != '')


def bias(o):
    return 'nn::no_bias' if o['no_bias'] else ''


def groups(o):
    return f'nn::groups<{o["groups"]}>' if o['groups'] > 1 else ''


# Windows: `dimensions` last axes are the image, the one before them is that of the channels.
def window_text(o, pool):
    height, width = o['kernel']
    defaults = {'stride': o['kernel'] if pool else [1, 1], 'padding': [0, 0], 'dilation': [1, 1]}
    told = [f'nn::{name}<{joined(*(o[name] if o[name][0] != o[name][1] else o[name][:1]))}>'
            for name, usual in defaults.items() if name in o and o[name] != usual]
    return joined(height if height == width else f'nn::kernel<{height}, {width}>', *told)


def out_extent(extent, o, axis):
    stride, dilation = (o.get(name, [1, 1])[axis] for name in ('stride', 'dilation'))
    return (extent + 2 * o['padding'][axis] - dilation * (o['kernel'][axis] - 1) - 1) // stride + 1


def window_result(dimensions, pool):
    def result(s, o):
        if len(s) not in (dimensions + 1, dimensions + 2):
            return None
        axes = range(2 - dimensions, 2)
        if any(o['dilation'][a] * (o['kernel'][a] - 1) + 1 > s[a - 2] + 2 * o['padding'][a] for a in axes):
            return None
        if pool and any(2 * o['padding'][a] > o['kernel'][a] for a in (0, 1)):
            return None
        channels = s[-1 - dimensions]
        if not pool and (channels % o['groups'] or o['out'] % o['groups']):
            return None
        return [*s[:-1 - dimensions], channels if pool else o['out'], *(out_extent(s[a - 2], o, a) for a in axes)]
    return result


def choose_window(dimensions, pool, dilates=True):
    def choose(r, s):
        if len(s) not in (dimensions + 1, dimensions + 2):
            return None
        square = r.random() < 0.7 or dimensions == 1
        two = lambda draw: (lambda n: [n, n] if square else [n, draw()])(draw())
        o = {'kernel': two(lambda: r.choice([1, 2, 2, 3, 3, 3, 4, 5]))}
        o['stride'] = list(o['kernel']) if pool and r.random() < 0.6 else two(lambda: r.choice([1, 1, 1, 2, 3]))
        o['padding'] = two(lambda: r.choice([0, 0, 0, 1, 1, 2]))
        if pool:
            o['padding'] = [min(p, k // 2) for p, k in zip(o['padding'], o['kernel'])]
        o['dilation'] = two(lambda: r.choice([1, 1, 1, 1, 2])) if dilates else [1, 1]
        if not pool:
            channels = s[-1 - dimensions]
            o['groups'] = r.choice([n for n in range(1, channels + 1) if channels % n == 0]) if r.random() < 0.35 else 1
            o['out'] = o['groups'] * r.choice([1, 2, 3, 4, 5, 8])
            o['no_bias'] = r.random() < 0.2
        return o if window_result(dimensions, pool)(s, o) else None
    return choose


def convolution(dimensions):
    def text(s, o):
        arguments = joined(s[-1 - dimensions], o['out'], window_text(o, False), groups(o), bias(o))
        return f'nn::Conv{dimensions}d<{arguments}>'

    def work(s, o):
        return s[-1 - dimensions] // o['groups'] * o['kernel'][0] ** (dimensions - 1) * o['kernel'][1]

    return Kind(choose=choose_window(dimensions, False), result=window_result(dimensions, False), text=text, work=work,
                weights=lambda s, o: work(s, o) * o['out'],
                plainest={'stride': [1, 1], 'padding': [0, 0], 'dilation': [1, 1], 'groups': 1, 'kernel': [1, 1],
                          'out': 1, 'no_bias': True})


def pool(name, dimensions, dilates):
    def text(s, o):
        told = {k: v for k, v in o.items() if dilates or k != 'dilation'}
        return f'nn::{name}{dimensions}d<{window_text(told, True)}>'

    return Kind(choose=choose_window(dimensions, True, dilates), result=window_result(dimensions, True), text=text,
                plainest={'padding': [0, 0], 'dilation': [1, 1], 'kernel': [2, 2], 'stride': [2, 2]},
                work=lambda s, o: o['kernel'][0] ** (dimensions - 1) * o['kernel'][1])


def function(name, condition=lambda s: True, **members):
    """A layer that computes every element by itself; run-time options with the values that they may have."""
    def choose(r, s):
        return {member: r.choice(values) for member, values in members.items()} if condition(s) else None

    return Kind(choose=choose,
                result=lambda s, o: s if condition(s) else None, text=lambda s, o: f'nn::{name}',
                plainest={member: values[0] for member, values in members.items()}, members=tuple(members))


def along_axis(name, work=6):
    """Softmax and its kin."""
    return Kind(choose=lambda r, s: {'axis': r.randint(-len(s), len(s) - 1)},
                result=lambda s, o: s if -len(s) <= o['axis'] < len(s) else None,
                text=lambda s, o: f'nn::{name}<{o["axis"]}>', plainest={'axis': -1}, work=lambda s, o: work)


def gate(name):
    """Halves an axis."""
    def result(s, o):
        axis = o['axis']
        if not -len(s) <= axis < len(s) or s[axis] % 2:
            return None
        return [n // 2 if i == axis % len(s) else n for i, n in enumerate(s)]

    return Kind(choose=lambda r, s: {'axis': r.choice(even)} if (even := [a for a in range(-len(s), len(s))
                                                                          if s[a] % 2 == 0]) else None,
                result=result, text=lambda s, o: f'nn::{name}<{o["axis"]}>', plainest={'axis': -1},
                work=lambda s, o: 4)


def normalization(name, fits, arguments, together, options=lambda r, s: {}, tags=('',),
                  weights=lambda s, o: 2 * s[1], **members):
    """A layer that brings `together(shape, options)` numbers to mean 0 and variance 1. `options(random, shape)`: of the
    type, beside one tag."""
    def choose(r, s):
        if not fits(s, {}):
            return None
        chosen = options(r, s)
        if together(s, chosen) == 1 and r.random() < 0.9:  # 0 comes out of one number
            return None
        return {**chosen, 'tag': r.choice(tags), **{member: r.choice(values) for member, values in members.items()}}

    return Kind(choose=choose, result=lambda s, o: s if fits(s, o) else None,
                text=lambda s, o: f'nn::{name}<{joined(*arguments(s, o), o["tag"])}>',
                plainest={'tag': tags[0], **{member: values[0] for member, values in members.items()}},
                work=lambda s, o: 8, weights=weights, members=tuple(members))


# Where all that is normalised is nearly the same, 1 / sqrt(eps) makes numbers of what rounding left of it.
EPS = [1e-5, 1e-3, 0.1]


def batch_norm(dimensions):
    # Of one value for each channel the running variance is nan.
    ranks = {1: (2, 3), 2: (4,)}[dimensions]
    return normalization(f'BatchNorm{dimensions}d', lambda s, o: len(s) in ranks and size(s) > s[1],
                         lambda s, o: [s[1]], lambda s, o: size(s) // s[1], eps=EPS,
                         tags=[''] * 4 + ['nn::no_affine', 'nn::no_running_stats'], momentum=[0.1, 0.1, 0.4])


def instance_norm(dimensions):
    return normalization(f'InstanceNorm{dimensions}d', lambda s, o: len(s) in (dimensions + 1, dimensions + 2),
                         lambda s, o: [s[-1 - dimensions]], lambda s, o: size(s[-dimensions:]),
                         tags=['nn::affine', 'nn::affine', ''], eps=EPS,
                         weights=lambda s, o: 2 * s[-1 - dimensions] if o['tag'] else 0)


def last_axes_norm(name, eps):
    return normalization(name, lambda s, o: o.get('rank', 1) <= len(s), lambda s, o: s[len(s) - o['rank']:],
                         lambda s, o: size(s[len(s) - o['rank']:]),
                         options=lambda r, s: {'rank': r.choice([1, 1, r.randint(1, len(s))])},
                         weights=lambda s, o: 2 * size(s[len(s) - o['rank']:]), eps=eps)


def adaptive_pool(name):
    def result(s, o):
        return [*s[:-2], *o['to']] if len(s) in (3, 4) and o['to'][0] <= s[-2] and o['to'][1] <= s[-1] else None

    def choose(r, s):
        return {'to': [r.randint(1, min(s[-2], 6)), r.randint(1, min(s[-1], 6))]} if len(s) in (3, 4) else None

    return Kind(choose=choose, result=result, text=lambda s, o: f'nn::{name}<{joined(*o["to"])}>',
                plainest={'to': [1, 1]}, work=lambda s, o: (s[-1] // o['to'][1] + 2) * (s[-2] // o['to'][0] + 2))


def container(name, keeps_shape):
    def result(s, o):
        shapes = shapes_of(s, o['layers'])
        return shapes[-1] if shapes and (not keeps_shape or shapes[-1] == s) else None

    def choose(r, s):
        layers = layers_that_keep(r, s) if keeps_shape else random_layers(r, s, r.randint(1, 3), nested=False)
        return {'layers': layers} if layers else None

    return Kind(choose=choose, result=result, plainest={},
                text=lambda s, o: f'nn::{name}<{layers_text(s, o["layers"])}>',
                work=lambda s, o: work_of(s, o['layers']) / max(1, size(result(s, o))))


def attention():
    def fits(s, o):
        return len(s) in (2, 3) and s[-1] % o['heads'] == 0 and (len(s) == 3 or not o['batch_first'])

    def choose(r, s):
        if len(s) not in (2, 3) or s[-1] > 33:
            return None
        return {'heads': r.choice([n for n in range(1, s[-1] + 1) if s[-1] % n == 0]), 'no_bias': r.random() < 0.2,
                'batch_first': len(s) == 3 and r.random() < 0.5}

    return Kind(choose=choose, result=lambda s, o: s if fits(s, o) else None,
                text=lambda s, o: 'nn::MultiheadAttention<' + joined(
                    s[-1], o['heads'], 'nn::batch_first' if o['batch_first'] else '', bias(o)) + '>',
                plainest={'heads': 1, 'no_bias': True, 'batch_first': False},
                work=lambda s, o: 4 * s[-1] + 4 * max(s[:-1]),
                weights=lambda s, o: 4 * s[-1] ** 2)


def largest():
    def result(s, o):
        return [o['count'] if i == o['axis'] % len(s) else n for i, n in enumerate(s)] if \
            -len(s) <= o['axis'] < len(s) and o['count'] <= s[o['axis']] else None

    def choose(r, s):
        axis = r.randint(-len(s), len(s) - 1)
        return {'axis': axis, 'count': r.randint(1, s[axis])}

    return Kind(choose=choose, result=result, text=lambda s, o: f'support::Largest<{o["count"]}, {o["axis"]}>',
                plainest={'count': 1}, work=lambda s, o: 4)


KINDS = {
    'Linear': Kind(choose=lambda r, s: {'out': width(r, s), 'no_bias': r.random() < 0.2},
                   result=lambda s, o: [*s[:-1], o['out']],
                   text=lambda s, o: f'nn::Linear<{joined(s[-1], o["out"], bias(o))}>',
                   plainest={'out': 1, 'no_bias': True}, work=lambda s, o: s[-1],
                   weights=lambda s, o: s[-1] * o['out']),
    'Conv1d': convolution(1),
    'Conv2d': convolution(2),
    'MaxPool1d': pool('MaxPool', 1, dilates=True),
    'MaxPool2d': pool('MaxPool', 2, dilates=True),
    'AvgPool1d': pool('AvgPool', 1, dilates=False),
    'AvgPool2d': pool('AvgPool', 2, dilates=False),
    'AdaptiveAvgPool2d': adaptive_pool('AdaptiveAvgPool2d'),
    'Identity': function('Identity'),
    'Flatten': Kind(choose=lambda r, s: {}, result=lambda s, o: s if len(s) == 1 else [s[0], size(s[1:])],
                    text=lambda s, o: 'nn::Flatten', plainest={}),
    'ReLU': function('ReLU'),
    'LeakyReLU': function('LeakyReLU', negative_slope=[0.01, 0.2, 1.5, 0.0]),
    'Tanh': function('Tanh'),
    'Sigmoid': function('Sigmoid'),
    'SiLU': function('SiLU'),
    'GELU': function('GELU'),
    'GELUTanh': function('GELUTanh'),
    'Softplus': function('Softplus', beta=[1.0, 2.5, 0.5], threshold=[20.0, 1.0]),
    # Parameters of rank 0, set at run time; a module of the tests.
    'Numbers': Kind(choose=lambda r, s: {n: r.choice(['0.5f', '-0.75f', '1.25f', '0.3f']) for n in 'abcd'},
                    result=lambda s, o: s, text=lambda s, o: 'support::Numbers',
                    plainest=dict.fromkeys('abcd', '0.5f'), work=lambda s, o: 6, weights=lambda s, o: 4,
                    members=tuple('abcd')),
    # Looked up by what the input makes of itself: only as the first layer, see random_model.
    'Embedding': Kind(choose=lambda r, s: None, result=lambda s, o: [*s, o['dim']],
                      text=lambda s, o: f'support::Words<{joined(o["scale"], o["dim"], o["tag"])}>',
                      plainest={'scale': 2, 'dim': 1, 'tag': ''},
                      weights=lambda s, o: (3 * o['scale'] // 2 + 1) * o['dim']),
    # A sum of products of three operands; a module of the tests.
    'Squares': Kind(choose=lambda r, s: {'out': width(r, s)}, result=lambda s, o: [*s[:-1], o['out']],
                    text=lambda s, o: f'support::Squares<{joined(s[-1], o["out"])}>', plainest={'out': 1},
                    work=lambda s, o: 2 * s[-1], weights=lambda s, o: s[-1] * o['out']),
    'Sorted': Kind(choose=lambda r, s: {'axis': r.randint(-len(s), len(s) - 1)},
                   result=lambda s, o: s if -len(s) <= o['axis'] < len(s) else None,
                   text=lambda s, o: f'support::Sorted<{o["axis"]}>', plainest={'axis': -1}, work=lambda s, o: 4),
    'Largest': largest(),
    'MultiheadAttention': attention(),
    'Softmax': along_axis('Softmax'),
    'LogSoftmax': along_axis('LogSoftmax'),
    'Softmin': along_axis('Softmin'),
    # Bounds that no layer before gives exactly: at a kink every rounding has its own derivative.
    'Hardtanh': function('Hardtanh', min_val=[-0.9, -0.3, -1.7], max_val=[0.8, 0.4, 1.9]),
    'ReLU6': function('ReLU6'),
    'Hardsigmoid': function('Hardsigmoid'),
    'Hardswish': function('Hardswish'),
    'Hardshrink': function('Hardshrink', lambd=[0.45, 0.2]),
    'Softshrink': function('Softshrink', lambd=[0.45, 0.2]),
    'Tanhshrink': function('Tanhshrink'),
    'Threshold': function('Threshold', threshold=[0.1, -0.3], value=[0.0, 0.7, -1.5]),
    'ELU': function('ELU', alpha=[1.0, 0.4, 1.8]),
    'CELU': function('CELU', alpha=[1.0, 0.4, 1.8]),
    'SELU': function('SELU'),
    'Mish': function('Mish'),
    'LogSigmoid': function('LogSigmoid'),
    'Softsign': function('Softsign'),
    'PReLU': Kind(choose=lambda r, s: {'channels': r.choice([1, s[1] if len(s) > 1 else 1])},
                  result=lambda s, o: s if o['channels'] in (1, *s[1:2]) else None,
                  text=lambda s, o: f'nn::PReLU<{joined(o["channels"])}>', plainest={'channels': 1},
                  weights=lambda s, o: o['channels']),
    'GLU': gate('GLU'),
    'SwiGLU': gate('SwiGLU'),
    'BatchNorm1d': batch_norm(1),
    'BatchNorm2d': batch_norm(2),
    'LayerNorm': last_axes_norm('LayerNorm', EPS),
    'RMSNorm': last_axes_norm('RMSNorm', [1e-5, 1.1920928955078125e-07, 0.1]),
    'GroupNorm': normalization('GroupNorm', lambda s, o: len(s) > 1 and s[1] % o.get('groups', 1) == 0,
                               lambda s, o: [o['groups'], s[1]], lambda s, o: size(s[1:]) // o['groups'],
                               options=lambda r, s: {'groups': r.choice([n for n in range(1, s[1] + 1)
                                                                         if s[1] % n == 0])},
                               tags=['', '', 'nn::no_affine'], eps=EPS),
    'InstanceNorm1d': instance_norm(1),
    'InstanceNorm2d': instance_norm(2),
    'Sequential': container('Sequential', keeps_shape=False),
    'Residual': container('Residual', keeps_shape=True),
}
NORMS = ['BatchNorm1d', 'BatchNorm2d', 'LayerNorm', 'RMSNorm', 'GroupNorm', 'InstanceNorm1d', 'InstanceNorm2d']
SELDOM = ['LogSoftmax', 'Softmin', 'Hardtanh', 'ReLU6', 'Hardsigmoid', 'Hardswish', 'Hardshrink', 'Softshrink',
          'Tanhshrink', 'Threshold', 'ELU', 'CELU', 'SELU', 'Mish', 'LogSigmoid', 'Softsign', 'PReLU', 'GLU', 'SwiGLU']
# They keep every shape that they take.
PLAIN = ['ReLU', 'Tanh', 'Sigmoid', 'SiLU', 'GELU', 'GELUTanh', 'Identity', 'Softmax', *NORMS, *SELDOM[:-2]]
OFTEN = {'Linear': 4, 'Numbers': 2, 'Conv2d': 5, 'Conv1d': 3, 'MaxPool2d': 3, 'AvgPool2d': 2, 'ReLU': 2,
         'Residual': 2, 'Flatten': 2, 'BatchNorm1d': 2, 'BatchNorm2d': 2, **dict.fromkeys(SELDOM, 0.4)}


def shapes_of(shape, layers):
    """The shapes after each layer, the input's first; None where a layer does not fit."""
    shapes = [shape]
    for name, options in layers:
        shape = KINDS[name].result(shape, options)
        if shape is None or size(shape) > MOST_ELEMENTS or len(shape) > 6 or min(shape) < 1:
            return None
        shapes.append(shape)
    return shapes


def layers_text(shape, layers):
    return ', '.join(KINDS[name].text(s, options) for (name, options), s in zip(layers, shapes_of(shape, layers)))


def work_of(shape, layers):
    shapes = shapes_of(shape, layers)
    return sum(KINDS[name].work(s, options) * size(after)
               for (name, options), s, after in zip(layers, shapes, shapes[1:]))


def weights_in(shape, layers):
    """The number of weights of the layers, nearly."""
    total = 0
    for (name, options), s in zip(layers, shapes_of(shape, layers)):
        total += weights_in(s, options['layers']) if 'layers' in options else KINDS[name].weights(s, options)
    return total


def random_layer(r, shape, names):
    names = list(names)
    while names:
        name = r.choices(names, [OFTEN.get(n, 1) for n in names])[0]
        options = KINDS[name].choose(r, shape)
        if options is not None and KINDS[name].result(shape, options):
            return name, options
        names.remove(name)
    return None


def random_layers(r, shape, count, nested=True):
    layers = []
    for _ in range(count):
        layer = random_layer(r, shape, [n for n in KINDS if nested or n not in ('Sequential', 'Residual')])
        if layer is None or shapes_of(shape, [layer]) is None:
            break
        layers.append(layer)
        shape = KINDS[layer[0]].result(shape, layer[1])
    return layers


def layers_that_keep(r, shape):
    plain = [n for n in KINDS if KINDS[n].members or n in PLAIN]
    between = [random_layer(r, shape, plain) for _ in range(r.randint(0, 2))]
    back = ('Linear', {'out': shape[-1], 'no_bias': r.random() < 0.2})
    first = ('Linear', {'out': width(r, shape), 'no_bias': False})
    forms = [between + [back], [first] + between + [back], between or [back]]
    if len(shape) in (3, 4):
        k = r.choice([1, 3, 3, 5])
        same = ('Conv2d', {'kernel': [k, k], 'stride': [1, 1], 'padding': [k // 2, k // 2], 'dilation': [1, 1],
                           'groups': 1, 'out': shape[-3], 'no_bias': r.random() < 0.2})
        forms += [between + [same]] * 3
    layers = r.choice(forms)
    shapes = shapes_of(shape, layers)
    return layers if shapes and shapes[-1] == shape else None


# ---- models ----------------------------------------------------------------------------------------------------------

def random_input(r, tiny=False):
    if tiny or r.random() < 0.25:
        return [r.choice(TINY) for _ in range(r.choice([1, 2, 2, 2, 3]))]
    batch = r.choice(BATCHES)
    extent = lambda: r.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 16])
    channels = r.choice([1, 1, 2, 3, 4, 5, 8])
    kinds = {'images': [min(batch, 9), channels, extent(), extent()], 'image': [channels, extent(), extent()],
             'signals': [batch, channels, width(r)], 'rows': [batch, width(r)], 'row': [width(r)],
             'blocks': [r.randint(1, 5), r.randint(1, 7), width(r)]}
    return kinds[r.choices(list(kinds), [9, 2, 4, 8, 2, 2])[0]]


def random_loss(r):
    kind = r.choice(['indices', 'indices', 'probabilities', 'squares'])
    return {'kind': kind, 'reduction': r.choice(['mean', 'mean', 'sum']),
            'label_smoothing': r.choice([0, 0, 0.1]) if kind != 'squares' else 0}


def random_optimizer(r):
    decay = r.choice([0, 0, 0.01])
    if r.random() < 0.4:
        return {'kind': 'Adam', 'lr': r.choice([0.001, 0.01]), 'betas': r.choice([None, None, [0.8, 0.95]]),
                'eps': r.choice([1e-8, 1e-8, 1e-4]), 'weight_decay': decay}
    momentum = r.choice([0, 0, 0.9, 0.5])
    nesterov = momentum > 0 and r.random() < 0.4
    return {'kind': 'SGD', 'lr': r.choice([0.01, 0.1]), 'momentum': momentum,
            'dampening': 0 if nesterov or not momentum else r.choice([0, 0, 0.1]),
            'weight_decay': decay, 'nesterov': nesterov}


def names_in(layers):
    """The kinds of layers, those inside of layers, too."""
    return {name for name, _ in layers}.union(*(names_in(options['layers']) for _, options in layers
                                                if 'layers' in options))


def random_model(r, tiny=False, kinds=(), doubles=False):
    """A model that has one of some kinds of layers, where any are asked for."""
    while True:
        shape = random_input(r, tiny)
        words = []
        if 'Embedding' in kinds or r.random() < 0.05:
            words = [('Embedding', {'scale': r.choice([2, 4, 8, 16, 64, 256]), 'dim': width(r, shape),
                                    'tag': r.choice(['', '', 'nn::padding_idx<1>'])})]
            if shapes_of(shape, words) is None:
                continue
        layers = words + random_layers(r, shapes_of(shape, words)[-1], r.choice([1, 2, 2, 3, 3, 4, 4, 5, 6, 7]))
        shapes = shapes_of(shape, layers)
        if shapes and len(shapes[-1]) > 2 and r.random() < 0.7:
            layers.append(('Flatten', {}))
        if r.random() < 0.5:
            layers.append(('Linear', {'out': width(r, shape), 'no_bias': False}))
        model = {'input': shape, 'layers': layers, 'optimizer': random_optimizer(r), 'loss': random_loss(r),
                 'seed': r.randrange(1 << 30), 'trains': True}
        if names_in(layers).isdisjoint(('Numbers', 'Embedding', 'Squares')) and (doubles or r.random() < 0.2):
            model['real'] = 'double'
        elif doubles:
            continue
        if is_possible(model) and (not kinds or names_in(layers) & set(kinds)):
            return model


def pair_models(r, kinds=()):
    """Every layer before every other, then Flatten and a wide Linear."""
    for first, second in itertools.product(KINDS, KINDS):
        if kinds and not {first, second} & set(kinds):
            continue
        for _ in range(300):
            shape = random_input(r)
            a = KINDS[first].choose(r, shape)
            after = a is not None and KINDS[first].result(shape, a)
            b = KINDS[second].choose(r, after) if after else None
            if b is None:
                continue
            wide = ('Linear', {'out': r.choice([32, 64, 96, 128]), 'no_bias': False})
            layers = [(first, a), (second, b), ('Flatten', {}), wide]
            model = {'input': shape, 'layers': layers, 'optimizer': {'kind': 'SGD', 'lr': 0.1},
                     'loss': {'kind': 'squares', 'reduction': 'mean', 'label_smoothing': 0},
                     'seed': r.randrange(1 << 30), 'trains': False}
            if is_possible(model):
                yield model
                break


def is_possible(model):
    shapes = shapes_of(model['input'], model['layers'])
    if not shapes or not model['layers'] or size(model['input']) > MOST_ELEMENTS:
        return False
    shape, layers = model['input'], model['layers']
    return 0 < weights_in(shape, layers) <= MOST_WEIGHTS and work_of(shape, layers) <= MOST_WORK


# ---- programs --------------------------------------------------------------------------------------------------------

def designated(options):
    def text(v):
        return '{' + joined(*v) + '}' if isinstance(v, list) else str(v).lower()
    return '{' + joined(*(f'.{k} = {text(v)}' for k, v in options.items() if k != 'kind' and v)) + '}'


def preparations(layers, path):
    """Assignments of the layers' run-time options."""
    for i, (name, options) in enumerate(layers):
        here = f'{path}.template get<{i}>()'
        yield from (f'{here}.{member} = {options[member]};' for member in KINDS[name].members)
        yield from preparations(options.get('layers', []), here)


# The layers of a model of double say so, those with extents alone by an object.
TYPED = re.compile(r'nn::(Linear|Conv\dd|PReLU|(?:Batch|Instance)Norm\dd|(?:Group|Layer|RMS)Norm|MultiheadAttention)'
                   r'<((?:[^<>]|<[^<>]*>)*)>')


def typed(text, real):
    if real == 'float':
        return text
    return TYPED.sub(lambda m: f'nn::{m[1]}<{m[2]}, nn::real<{real}>{"{}" * (m[1] in ("LayerNorm", "RMSNorm"))}>', text)


def case_text(model, name):
    real = model.get('real', 'float')
    shape = model['input']
    result = shapes_of(shape, model['layers'])[-1]
    axis = 1 if len(result) > 1 else 0
    loss, optimizer = model['loss'], dict(model['optimizer'])
    target = f'ashlar::Tensor<{real}, {joined(*result)}>'
    if loss['kind'] == 'indices':
        target = f'ashlar::Tensor<{joined("int", *result[:axis], *result[axis + 1:])}>'
    loss_name = 'MSELoss' if loss['kind'] == 'squares' else 'CrossEntropyLoss'
    smoothing = designated({'label_smoothing': loss['label_smoothing']})
    loss_text = f'nn::{loss_name}<nn::reduction::{loss["reduction"]}>{smoothing}'
    if loss['reduction'] == 'sum':
        optimizer['lr'] /= 20
    rule, plain = designated(optimizer), optimizer['kind'].lower()
    text = f'''struct {name} {{
    using model = nn::Sequential<{typed(layers_text(shape, model['layers']), real)}>;
    using input = ashlar::Tensor<{real}, {joined(*shape)}>;
    using target = {target};
    static constexpr std::size_t classes = {result[axis]};
    static constexpr bool trains = {str(model['trains']).lower()};
    static std::vector<std::size_t> dims() {{ return {{{joined(*shape)}}}; }}
    static void prepare([[maybe_unused]] auto& m) {{ {' '.join(preparations(model['layers'], 'm'))} }}
    static auto loss() {{ return {loss_text}; }}
    static auto optimizer(auto& m) {{ return optim::{optimizer['kind']}{{m, {rule}}}; }}
    static auto rule() {{ return support::plain::{plain}{{support::plain::{plain}_options{rule}}}; }}
}};
'''
    return text, f'support::check_model<{name}>("{name}", {model["seed"]})'


def described(model):
    layers = layers_text(model['input'], model['layers'])
    real = model.get('real', 'float')
    return f'Sequential<{layers}> of {real} on {model["input"]}, {model["optimizer"]}, {model["loss"]}'


def program_text(models):
    cases = [case_text(model, f'model_{i}') for i, model in enumerate(models)]
    return ('#include "support/random_model.hpp"\n\nnamespace nn = ashlar::nn;\nnamespace optim = ashlar::optim;\n\n'
            'namespace {\n\n'
            + '\n'.join(text for text, _ in cases) + '\n}  // namespace\n\nint main() {\n    int faults = 0;\n'
            + ''.join(f'    faults += {call};\n' for _, call in cases) + '    return faults > 0 ? 1 : 0;\n}\n')


class Compiler:
    def __init__(self, name, command):
        self.name, self.command = name, command

    def outcome(self, models, stem):
        """None where all is well, else (kind of failure, what was said)."""
        source, program = FOLDER / f'{stem}.cpp', FOLDER / f'{stem}-{self.name}'
        source.write_text(program_text(models))
        target = FOLDER / f'{stem}-{self.name}.o'  # what ccache keeps, where the command is its
        for command in ([*WARNINGS, f'-I{CHECKOUT}/include', f'-I{CHECKOUT}/tests', '-c', source, '-o', target],
                        [target, '-o', program]):
            built = subprocess.run([*self.command, *map(str, command)], capture_output=True, text=True)
            if built.returncode:
                return 'compile', built.stderr
        target.unlink()
        try:
            ran = subprocess.run([str(program)], capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return 'run', 'it does not end'
        finally:
            program.unlink(missing_ok=True)
        return None if ran.returncode == 0 else ('run', ran.stdout + ran.stderr or f'ended by signal {-ran.returncode}')


# ---- failures --------------------------------------------------------------------------------------------------------

def smaller_layers(layers):
    for i, (name, options) in enumerate(layers):
        yield layers[:i] + layers[i + 1:]
        for inner in smaller_layers(options['layers']) if 'layers' in options else []:
            if inner:
                yield layers[:i] + [(name, {**options, 'layers': inner})] + layers[i + 1:]
        if 'layers' in options:
            yield layers[:i] + options['layers'] + layers[i + 1:]
        for key, plainest in KINDS[name].plainest.items():
            for value in smaller_values(options[key], plainest):
                yield layers[:i] + [(name, {**options, key: value})] + layers[i + 1:]


def smaller_values(value, plainest):
    if value == plainest:
        return
    yield plainest
    if isinstance(value, int) and not isinstance(value, bool) and value > plainest:
        yield from {(value + plainest) // 2, value - 1} - {plainest, value}


def smaller_models(model):
    """Models that are simpler in one thing, the larger steps first."""
    for layers in smaller_layers(model['layers']):
        yield {**model, 'layers': layers}
    if 'real' in model:
        yield {key: value for key, value in model.items() if key != 'real'}
    for i, extent in enumerate(model['input']):
        for less in sorted({1, extent // 2, extent - 1}):
            if 0 < less < extent:
                yield {**model, 'input': [*model['input'][:i], less, *model['input'][i + 1:]]}
    if len(model['input']) > 1:
        yield {**model, 'input': model['input'][1:]}
    if model['loss'] != (plain := {'kind': 'squares', 'reduction': 'mean', 'label_smoothing': 0}):
        yield {**model, 'loss': plain}
    if model['trains'] and model['optimizer'] != (plain := {'kind': 'SGD', 'lr': 0.1}):
        yield {**model, 'optimizer': plain}
        for key, value in model['optimizer'].items():
            if key not in ('kind', 'lr') and value:
                yield {**model, 'optimizer': {k: v for k, v in model['optimizer'].items() if k != key}}


def shrink(compiler, model, kind, stem, seconds):
    """The smallest model found that fails in the same way, and what it says."""
    said, again, end = '', True, time.monotonic() + seconds
    while again:
        again = False
        for candidate in smaller_models(copy.deepcopy(model)):
            if time.monotonic() > end:
                return model, said
            if not is_possible(candidate):
                continue
            found = compiler.outcome([candidate], stem)
            if found and found[0] == kind:
                model, said, again = candidate, found[1], True
                break
    return model, said


def report(seconds, compiler, model, kind, number):
    stem = f'failed-{number}-{compiler.name}'
    smallest, said = shrink(compiler, model, kind, stem, seconds)
    found = compiler.outcome([smallest], stem)
    said = found[1] if found else said
    print(f'\nFAILED with {compiler.name}: build/models/{stem}.cpp; {" ".join(compiler.command)}')
    print(f'    found as    {described(model)}')
    print(f'    smallest    {described(smallest)}')
    lines = [line for line in said.strip().split('\n') if kind == 'run' or re.search(r'error', line)]
    print(*(f'    {line[:300]}' for line in lines[:12]), sep='\n', flush=True)


def examine(compiler, models, first):
    """Compiles and runs some models as one program; returns those that fail."""
    stem = f'models-{first}-{compiler.name}'
    found = compiler.outcome(models, stem)
    if found is None:
        (FOLDER / f'{stem}.cpp').unlink()
        return []
    kind, said = found
    print(f'{compiler.name}: models {first} to {first + len(models) - 1}:', *said.strip().split('\n')[:6],
          sep='\n    ', flush=True)
    if kind == 'run' and (named := {int(n) for n in re.findall(r'^model_(\d+):', said, re.M)}):
        return [(compiler, models[i], kind, first + i) for i in sorted(named)]
    failing = []
    for i, model in enumerate(models):  # it did not compile, or crashed: one by one
        if alone := compiler.outcome([model], stem):
            failing.append((compiler, model, alone[0], first + i))
    return failing


def main(words, compilers):
    command = words[words.index('--') + 1:] if '--' in words else []
    parser = argparse.ArgumentParser(prog='tests/run models', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('count', nargs='?', type=int, default=24)
    parser.add_argument('seed', nargs='?', type=int, default=1)
    parser.add_argument('--pairs', action='store_true', help='every layer before every layer')
    parser.add_argument('--tiny', action='store_true', help='extents of 1 to 4 only')
    parser.add_argument('--double', action='store_true', help='models of double only')
    parser.add_argument('--with', dest='kinds', action='append', default=[], choices=KINDS, metavar='LAYER',
                        help='only models that have such a layer; may be repeated')
    parser.add_argument('--for', dest='configurations', action='append', choices=CONFIGURATIONS, help='a configuration')
    parser.add_argument('--together', type=int, default=6, help='models in one program')
    parser.add_argument('--jobs', type=int, default=2, help='programs compiled at a time')
    parser.add_argument('--shrink', type=int, default=600, metavar='SECONDS',
                        help='how long to look for smaller models that fail, all in all')
    parser.add_argument('--show', action='store_true', help='print the models, and end')
    options = parser.parse_args(words[:words.index('--')] if '--' in words else words)

    r = random.Random(options.seed)
    models = list(pair_models(r, options.kinds)) if options.pairs else \
        [random_model(random.Random(f'{options.seed} {i}'), options.tiny, options.kinds, options.double)
         for i in range(options.count)]
    if options.show:
        for i, model in enumerate(models):
            print(i, described(model))
        return 0
    used = [Compiler('given', command)] if command else [
        Compiler(name, [compilers[CONFIGURATIONS[name][0]], *CONFIGURATIONS[name][1]])
        for name in options.configurations or USUAL]

    FOLDER.mkdir(parents=True, exist_ok=True)
    failing = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool_of_jobs:
        jobs = [pool_of_jobs.submit(examine, compiler, models[i:i + options.together], i)
                for i in range(0, len(models), options.together) for compiler in used]
        for job in jobs:
            failing += job.result()
    for failure in failing:
        report(options.shrink / len(failing), *failure)
    print(f'{len(models) * len(used) - len(failing)} passed, {len(failing)} failed')
    return 1 if failing else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:], {'gcc': 'g++', 'clang': 'clang++'}))
