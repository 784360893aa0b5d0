"""What randomised trials say about acupuncture for low back conditions.

``import evidence as ev`` gives every public name; each is loaded when first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.2.0"
