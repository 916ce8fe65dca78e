//! What must hold, a file each. A check looks at the host from outside and says what is wrong.

pub mod faithful;
pub mod kept;
pub mod repeated;
pub mod shown;
