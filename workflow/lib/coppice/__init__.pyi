from coppice.api.analysis import Analysis as Analysis
from coppice.api.effect_sizes import EffectSizes as EffectSizes
from coppice.api.effect_sizes import effect_size as effect_size
from coppice.api.errors import InputError as InputError
from coppice.api.meta_analysis import MetaAnalysis as MetaAnalysis
from coppice.api.picture import Picture as Picture
from coppice.api.pooling import analyse as analyse
from coppice.api.pooling import pool as pool

SNAKEFILE: str
__version__: str
